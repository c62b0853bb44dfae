import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isCounter } from './counts.js';
import type { Network } from './network.js';

/** Tests that run on this computer, in the network of a virtual machine. */
export class OutsideTests {
  readonly #files: readonly string[];
  readonly #network: Network;
  readonly #jobFolder: string;
  readonly #print: (line: string) => void;
  #runner: ChildProcess | undefined;

  constructor(
    files: readonly string[],
    network: Network,
    jobFolder: string,
    print: (line: string) => void,
  ) {
    this.#files = files;
    this.#network = network;
    this.#jobFolder = jobFolder;
    this.#print = print;
  }

  /** Runs them one by one; results.tap in the job's folder tells how it went. */
  async run(): Promise<void> {
    const [program, args] = this.#network.enter(process.execPath, [
      ...['--test', '--test-concurrency=1'],
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      '--test-reporter=tap',
      `--test-reporter-destination=${join(this.#jobFolder, 'results.tap')}`,
      ...this.#files,
    ]);
    const runner = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    process.once('exit', () => runner.kill('SIGTERM'));
    this.#runner = runner;
    const ended = once(runner, 'exit');
    for await (const line of createInterface({ input: runner.stdout })) {
      if (!isCounter(line)) this.#print(line);
    }
    await ended;
  }

  /** Ends them where they are. */
  kill(): void {
    this.#runner?.kill('SIGTERM');
  }
}
