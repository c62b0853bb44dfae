import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const CLOSE_DEADLINE_MS = 5000;
const ANSWER_DEADLINE_MS = 20_000;
/** Clock ticks of /proc/PID/stat: fixed in the kernel's interface to programs (sysconf(_SC_CLK_TCK)). */
const TICKS_PER_SECOND = 100;

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

  /** CPU seconds of all threads since its start. */
  async cpuSeconds(): Promise<number> {
    const stat = await readFile(`/proc/${this.pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; utime and stime are fields 14 and 15 (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
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
