import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const CLOSE_DEADLINE_MS = 5000;
const ANSWER_DEADLINE_MS = 20_000;

/** A process of its own, and what the kernel says of it. */
export class Child {
  readonly process: ChildProcess;
  readonly pid: number;

  constructor(child: ChildProcess) {
    if (child.pid === undefined) throw new Error('the process did not start');
    this.process = child;
    this.pid = child.pid;
  }

  /** Runs a compiled module of the benchmark, by its path from here. */
  static fork(path: string, args: readonly string[] = []): Child {
    const url = fileURLToPath(new URL(path, import.meta.url));
    return new Child(fork(url, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  }

  /** Runs a compiled program as users do; stdout and stderr can be read. */
  static run(path: string, args: readonly string[] = []): Child {
    const url = fileURLToPath(new URL(path, import.meta.url));
    return new Child(
      spawn(process.execPath, [url, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  /** The next message of a forked child. */
  async message(): Promise<unknown> {
    const signal = AbortSignal.timeout(ANSWER_DEADLINE_MS);
    const [message] = (await once(this.process, 'message', { signal })) as [unknown];
    return message;
  }

  /** Resolves with the first match in what the child writes. */
  async line(output: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
    let text = '';
    const signal = AbortSignal.timeout(ANSWER_DEADLINE_MS);
    const stream = this.process[output];
    if (!stream) throw new Error('the output of this child is not read');
    for (;;) {
      const [part] = (await once(stream, 'data', { signal })) as [Buffer];
      text += part.toString();
      const found = pattern.exec(text);
      if (found) return found;
    }
  }

  /** CPU seconds of all threads that live now; to the nanosecond, where the clock ticks of stat are too coarse. */
  async cpuSeconds(): Promise<number> {
    let nanoseconds = 0;
    for (const thread of await readdir(`/proc/${this.pid}/task`)) {
      try {
        const path = `/proc/${this.pid}/task/${thread}/schedstat`;
        nanoseconds += Number((await readFile(path, 'utf8')).split(' ')[0]);
      } catch (error) {
        // A thread that has ended since.
        if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
    return nanoseconds / 1e9;
  }

  /** Resident and proportional set size, MB. */
  async memoryMb(): Promise<{ rss: number; pss: number }> {
    const rollup = await readFile(`/proc/${this.pid}/smaps_rollup`, 'utf8');
    const read = (name: string) =>
      Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(rollup)?.[1]);
    return { rss: read('Rss') / 1024, pss: read('Pss') / 1024 };
  }

  /** Asks it to end, insists, and waits until it has. */
  async close(): Promise<void> {
    const child = this.process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    if (child.connected) child.disconnect();
    else child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_DEADLINE_MS);
    await exited;
    clearTimeout(timer);
  }
}
