import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

interface Reply {
  return?: unknown;
  error?: { desc: string };
}

/** QEMU's control of another machine (QMP): one command at a time, events are left aside. */
export class MachineControl {
  readonly #port: number;
  readonly #reader: ChildProcess;
  readonly #replies: AsyncIterator<string>;

  private constructor(node: string) {
    this.#port = openSync(node, 'r+');
    // A process of its own: a read that waits would hold one of Node's few threads.
    this.#reader = spawn('busybox', ['cat'], { stdio: [this.#port, 'pipe', 'inherit'] });
    if (!this.#reader.stdout) throw new Error('no output of the reader');
    this.#replies = createInterface({ input: this.#reader.stdout })[Symbol.asyncIterator]();
  }

  static async open(node: string): Promise<MachineControl> {
    const control = new MachineControl(node);
    await control.execute('qmp_capabilities');
    return control;
  }

  /** Throws what QEMU says when it refuses. */
  async execute(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    writeSync(this.#port, `${JSON.stringify({ execute: command, arguments: args })}\n`);
    for (;;) {
      const line = await this.#replies.next();
      if (line.done) throw new Error(`the machine ended at ${command}`);
      const reply = JSON.parse(line.value) as Reply;
      if (reply.error) throw new Error(`${command}: ${reply.error.desc}`);
      if ('return' in reply) return reply.return;
    }
  }

  async close(): Promise<void> {
    const ended = once(this.#reader, 'exit');
    this.#reader.kill('SIGKILL');
    await ended;
    closeSync(this.#port);
  }
}
