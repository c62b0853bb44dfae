import type { Logger } from '../logger.js';
import type { ControlSettingsMessage } from '../protocol/control-rules.js';
import type { ControlRules } from './control-desk.js';

/** A choice that was made at run time, and the options that it took the place of. */
export interface ControlRecord {
  readonly choice: ControlSettingsMessage;
  readonly options: ControlSettingsMessage;
}

/** Keeps the last choice over a restart. */
export interface ControlMemory {
  load(): Promise<ControlRecord | undefined>;
  save(record: ControlRecord): Promise<void>;
}

export interface ControlSettingsOptions {
  /** What the options at start say. */
  readonly options: ControlSettingsMessage;
  readonly memory: ControlMemory;
  /** Other rules hold from now on; `loginId` is the sign-in that made them. */
  readonly apply: (rules: ControlRules, loginId: string) => void;
  readonly logger: Logger;
}

/**
 * How control goes from viewer to viewer: set by the options or at run time, and kept over restarts. What was said last
 * counts: a choice at run time holds until the options change.
 */
export class ControlSettings {
  readonly #parts: ControlSettingsOptions;
  #settings: ControlSettingsMessage;

  private constructor(parts: ControlSettingsOptions, settings: ControlSettingsMessage) {
    this.#parts = parts;
    this.#settings = settings;
  }

  static async open(parts: ControlSettingsOptions): Promise<ControlSettings> {
    const { options, memory } = parts;
    const kept = await memory.load();
    const holds = kept !== undefined && same(kept.options, options);
    return new ControlSettings(parts, holds ? kept.choice : options);
  }

  get reply(): ControlSettingsMessage {
    return this.#settings;
  }

  get rules(): ControlRules {
    const { shared, idleSeconds } = this.#settings;
    return { shared, idleHandOverMs: idleSeconds > 0 ? idleSeconds * 1000 : null };
  }

  /** Other rules from now on. Rejects when the disk does; then nothing changes. */
  async change(choice: ControlSettingsMessage, loginId: string): Promise<void> {
    const { memory, options, apply, logger } = this.#parts;
    await memory.save({ choice, options });
    this.#settings = choice;
    logger.info({ ...choice }, 'how control is handed over was changed on the page');
    apply(this.rules, loginId);
  }
}

function same(a: ControlSettingsMessage, b: ControlSettingsMessage): boolean {
  return a.shared === b.shared && a.idleSeconds === b.idleSeconds;
}
