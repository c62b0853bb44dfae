import { statSync } from 'node:fs';
import type { Logger } from '../../logger.js';
import type { EdidReply } from '../../protocol/api.js';
import { EDID_PRESETS } from '../../protocol/edid-presets.js';
import type { Timers } from '../keyframe-policy.js';
import {
  choiceOfOption,
  customChoice,
  type EdidChoice,
  edidOf,
  problemsText,
} from './edid-choice.js';
import { type EdidDevice, EdidKeeper, type WhileStopped } from './edid-keeper.js';
import { DEFAULT_EDID_PRESET, type EdidPreset } from './edid-presets.js';

/** How often the device's node is looked at: a target that starts must find a display, whether anybody watches or not. */
const LOOK_MS = 2000;

/** A choice that was made at run time, and the --edid that it took the place of (null: none was given). */
export interface EdidRecord {
  choice: EdidChoice;
  option: string | null;
}

/** Keeps the last choice over a restart. */
export interface EdidMemory {
  load(): Promise<EdidRecord | null>;
  save(record: EdidRecord): Promise<void>;
}

export interface EdidControlOptions {
  /** The capture device's node. */
  path: string;
  /** What --edid says: a preset's name or a file; null if it was not given. */
  option: string | null;
  /** Names this unit in the presets. */
  serial: string;
  memory: EdidMemory;
  whileStopped: WhileStopped;
  timers: Timers;
  logger: Logger;
  /** For tests: the device, and what tells one node from the next at the same path. */
  device?: EdidDevice;
  nodeIdentity?(path: string): string;
}

/**
 * The display that the target sees: chosen by --edid or at run time, kept over restarts, and put on the capture device
 * again when that comes back. What was said last counts: a choice at run time holds until --edid changes.
 */
export class EdidControl {
  readonly #options: EdidControlOptions;
  readonly #keeper: EdidKeeper;
  readonly #nodeIdentity: (path: string) => string;
  #choice: EdidChoice;
  #node = '';
  #timer: unknown;

  private constructor(options: EdidControlOptions, choice: EdidChoice) {
    const { path, serial, logger, device } = options;
    this.#options = options;
    this.#choice = choice;
    this.#keeper = new EdidKeeper(path, edidOf(choice, serial), logger, device);
    this.#nodeIdentity = options.nodeIdentity ?? nodeIdentity;
  }

  /** Takes the last choice, shows it to the target and watches over it. Throws StartError for a file that is no EDID. */
  static async open(options: EdidControlOptions): Promise<EdidControl> {
    const control = new EdidControl(options, await firstChoice(options));
    control.#look();
    return control;
  }

  /** What the target sees and what else there is to choose. */
  get reply(): EdidReply {
    const { edid, state } = this.#keeper;
    return {
      choice: 'preset' in this.#choice ? this.#choice.preset : 'custom',
      presets: [...EDID_PRESETS],
      edid: Buffer.from(edid).toString('base64'),
      state,
    };
  }

  choosePreset(preset: EdidPreset): Promise<EdidReply> {
    return this.#choose({ preset });
  }

  /** Takes an EDID of the user's. Rejects with KvmError bad-edid that says what is wrong at which byte. */
  async upload(edid: Uint8Array): Promise<EdidReply> {
    return await this.#choose(customChoice(edid));
  }

  /** Writes the EDID unless the device shows it; to be called before the device is used. */
  ensure(): void {
    this.#keeper.ensure();
  }

  /** Ends the watch. The device keeps its EDID: the target goes on with the display that it knows. */
  close(): void {
    this.#options.timers.clear(this.#timer);
    this.#timer = undefined;
  }

  /** On the disk first: what the target sees is what it sees after a power cut. */
  async #choose(choice: EdidChoice): Promise<EdidReply> {
    const { memory, option, serial, whileStopped, logger } = this.#options;
    await memory.save({ choice, option });
    this.#choice = choice;
    this.#keeper.change(edidOf(choice, serial), whileStopped);
    logger.info({ choice: this.reply.choice }, 'another display description (EDID) was chosen');
    return this.reply;
  }

  #look(): void {
    const { path, timers } = this.#options;
    const node = this.#nodeIdentity(path);
    // A new node is a device that has forgotten; one that failed may have got its permissions meanwhile.
    if (node !== '' && (node !== this.#node || this.#keeper.state === 'waiting')) {
      this.#keeper.ensure();
    }
    this.#node = node;
    this.#timer = timers.set(() => this.#look(), LOOK_MS);
  }
}

async function firstChoice({ option, memory, logger }: EdidControlOptions): Promise<EdidChoice> {
  const record = await memory.load();
  if (record?.option === option) {
    const wrong = 'custom' in record.choice ? problemsText(record.choice.custom) : null;
    if (wrong === null) return record.choice;
    logger.warn({ problem: wrong }, 'the kept display description (EDID) is damaged: not used');
  }
  return option === null ? { preset: DEFAULT_EDID_PRESET } : await choiceOfOption(option);
}

/**
 * devtmpfs makes a new node for a device that comes back, with a new time of its own; empty without a node, and for one that
 * cannot be looked at.
 */
function nodeIdentity(path: string): string {
  try {
    const { ino, rdev, ctimeMs } = statSync(path);
    return `${ino} ${rdev} ${ctimeMs}`;
  } catch {
    return '';
  }
}
