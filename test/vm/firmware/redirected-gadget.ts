import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { PRODUCT } from '../hid/gadget-rig.js';
import { hostDevice } from '../hid/host-input.js';

/**
 * Hands our gadget to another machine: usbredirect takes it from the host that dummy_hcd emulates, and speaks the usbredir
 * protocol over TCP, which is passed on to the machine's virtio port. Once for each port: the protocol begins with a
 * greeting, which the machine says once.
 */
export class RedirectedGadget {
  readonly #port: number;
  readonly #processes: readonly ChildProcess[];

  private constructor(port: number, processes: readonly ChildProcess[]) {
    this.#port = port;
    this.#processes = processes;
  }

  /** The gadget must be plugged in. */
  static async open(node: string): Promise<RedirectedGadget> {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: tcpPort } = server.address() as AddressInfo;
    const redirect = spawn(
      'usbredirect',
      ['--device', busAddress(), '--to', `127.0.0.1:${tcpPort}`],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const [socket] = (await Promise.race([
      once(server, 'connection'),
      once(redirect, 'exit').then(() => Promise.reject(new Error('usbredirect has ended'))),
    ])) as [Socket];
    server.close();
    const port = openSync(node, 'r+');
    const pass = (from: Socket | number, to: Socket | number) =>
      spawn('busybox', ['cat'], { stdio: [from, to, 'inherit'] });
    const processes = [redirect, pass(socket, port), pass(port, socket)];
    socket.destroy();
    return new RedirectedGadget(port, processes);
  }

  async close(): Promise<void> {
    for (const process of this.#processes) {
      const ended = process.exitCode ?? process.signalCode ?? once(process, 'exit');
      process.kill('SIGKILL');
      await ended;
    }
    closeSync(this.#port);
  }
}

/** Where the gadget is plugged in: "1-2", the bus and the device on it. */
function busAddress(): string {
  const device = hostDevice(PRODUCT);
  if (!device) throw new Error('the gadget is not plugged in');
  const number = (name: string) => readFileSync(`${device}/${name}`, 'utf8').trim();
  return `${number('busnum')}-${number('devnum')}`;
}
