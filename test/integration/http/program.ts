import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const MAIN = fileURLToPath(new URL('../../../server/main.js', import.meta.url));

/** The program in a process of its own. */
export class Program {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly exit: Promise<number | null>;

  /** `preload` is a module that runs before the program's own; `options` say as whom it runs. */
  constructor(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    preload = '',
    options: Pick<SpawnOptions, 'uid' | 'gid'> = {},
  ) {
    const first = preload
      ? ['--import', `data:text/javascript,${encodeURIComponent(preload)}`]
      : [];
    this.child = spawn(process.execPath, [...first, MAIN, ...args], {
      ...options,
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...environment },
    });
    this.child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.exit = new Promise((resolve) => this.child.once('close', (code) => resolve(code)));
  }

  /** The last thing that it said: the reason, where it did not start. */
  get lastLine(): string {
    return this.stderr.trim().split('\n').at(-1) ?? '';
  }

  /** The URL of the line that says that it listens. */
  async ready(): Promise<URL> {
    let ended = false;
    void this.exit.then(() => {
      ended = true;
    });
    return await until('it listens', () => {
      if (ended) throw new Error(`the program ended: ${this.stderr}`);
      const url = /^MyKVM is ready: (\S+)\n/m.exec(this.stdout)?.[1];
      return url === undefined ? undefined : new URL(url);
    });
  }

  /** Ends it at once, whatever it does. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }
}
