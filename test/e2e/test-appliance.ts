import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPipeline } from '../../native/index.js';
import { type Appliance, type ApplianceParts, createAppliance } from '../../server/appliance.js';
import { type Config, loadConfig } from '../../server/config.js';
import type { Logger } from '../../server/logger.js';
import {
  createSimulatedTarget,
  type SimulatedTarget,
} from '../../server/target/simulated/simulated-target.js';

/** A log line as the appliance wrote it. */
export interface LogEntry {
  level: keyof Logger;
  context: object;
  message: string;
}

/** A whole appliance in this process, on loopback, with the simulated target and its log open to the test. */
export class TestAppliance {
  readonly url: string;
  readonly target: SimulatedTarget;
  readonly log: LogEntry[];
  readonly #appliance: Appliance;
  readonly #stateDir: string;
  #keepState = false;

  private constructor(
    appliance: Appliance,
    target: SimulatedTarget,
    log: LogEntry[],
    stateDir: string,
  ) {
    this.url = appliance.url;
    this.target = target;
    this.log = log;
    this.#appliance = appliance;
    this.#stateDir = stateDir;
  }

  /** Starts on a free port with a fresh state directory; `args` are further flags. */
  static async start(
    args: string[] = [],
    parts: Partial<ApplianceParts> = {},
  ): Promise<TestAppliance> {
    return TestAppliance.#startIn(await mkdtemp(join(tmpdir(), 'mykvm-e2e-')), args, parts);
  }

  static async #startIn(
    stateDir: string,
    args: string[],
    parts: Partial<ApplianceParts>,
  ): Promise<TestAppliance> {
    const flags = ['--port', '0', '--listen', '127.0.0.1', '--extra-host', '127.0.0.1'];
    const own = ['--target', 'simulated', '--state-dir', stateDir, '--test-marks'];
    const result = loadConfig([...flags, ...own, ...args], {});
    if (result.kind !== 'config') throw new Error(JSON.stringify(result));
    const log: LogEntry[] = [];
    let target: SimulatedTarget | undefined;
    const appliance = await createAppliance(result.config, collect(log), {
      createPipeline,
      createTarget: async (config: Config, logger: Logger) => {
        target = await createSimulatedTarget({ ...config, recordLog: true, logger });
        return target;
      },
      ...parts,
    });
    return new TestAppliance(appliance, target as SimulatedTarget, log, stateDir);
  }

  /** The newest claim code of the log. */
  get claimCode(): string {
    const entry = this.log.findLast(({ context }) => 'claimCode' in context);
    if (!entry) throw new Error('no claim code was logged');
    return (entry.context as { claimCode: string }).claimCode;
  }

  /** Every keyboard report that reached the target, in hex. */
  async keyReports(): Promise<string[]> {
    const log = await this.target.log();
    return log.filter(({ fn }) => fn === 'keyboard').map(({ hex }) => hex);
  }

  /** The keyboard report that says what the target believes to be held now. */
  async lastKeys(): Promise<string | undefined> {
    return (await this.keyReports()).at(-1);
  }

  /** A new appliance on the port and with the state that this closed one leaves; it gives both away. */
  async successor(): Promise<TestAppliance> {
    this.#keepState = true;
    await this.#appliance.close();
    return TestAppliance.#startIn(this.#stateDir, ['--port', new URL(this.url).port], {});
  }

  async close(): Promise<void> {
    await this.#appliance.close();
    if (this.#keepState) return;
    await rm(this.#stateDir, { recursive: true, force: true });
  }
}

function collect(log: LogEntry[]): Logger {
  const at = (level: keyof Logger) => (context: object, message: string) => {
    log.push({ level, context, message });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
