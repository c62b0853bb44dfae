import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../server/main.js', import.meta.url));

/** The program as users run it. What it writes is kept in appliance.log beside the other results of the suite. */
export class ApplianceProcess {
  readonly flags: readonly string[];
  readonly #process: ChildProcess;
  readonly #ready: Promise<void>;
  readonly #exit: Promise<number | null>;
  #output = '';

  private constructor(flags: readonly string[]) {
    this.flags = flags;
    this.#process = spawn(process.execPath, [MAIN, ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exit = once(this.#process, 'exit').then(([status]) => status as number | null);
    const log = createWriteStream('/run/job/appliance.log', { flags: 'a' });
    this.#ready = new Promise((resolve) => {
      for (const stream of [this.#process.stdout, this.#process.stderr]) {
        stream?.on('data', (bytes: Buffer) => {
          log.write(bytes);
          this.#output += bytes;
          if (this.#output.includes('MyKVM is ready')) resolve();
        });
      }
    });
  }

  /** Resolves when its page is there. No deadline: under emulation the program alone takes its time to load. */
  static async start(flags: readonly string[]): Promise<ApplianceProcess> {
    const appliance = new ApplianceProcess(flags);
    const ended = appliance.#exit.then(() => true);
    if (await Promise.race([appliance.#ready, ended])) {
      throw new Error(`the appliance did not start: ${appliance.output}`);
    }
    return appliance;
  }

  /** All that it has written. */
  get output(): string {
    return this.#output;
  }

  /** Null when the appliance has an owner already. */
  get claimCode(): string | null {
    return /with the code ([\w-]+)/.exec(this.#output)?.[1] ?? null;
  }

  /** Asks it to end; resolves with its exit status, null when a signal ended it. */
  async close(): Promise<number | null> {
    this.#process.kill('SIGTERM');
    return this.#exit;
  }
}
