import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MediaRoute } from '../../native/index.js';

const DEADLINE_MS = 15_000;

/** Resolves when the condition holds; rejects with its name after 15 s. */
export async function until(name: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${name}`);
    await nextTurn();
  }
}

/** Two UDP sockets on loopback: one to send from, and one that keeps what arrives. */
export class LoopbackReceiver {
  readonly received: Buffer[] = [];
  readonly #sender: Socket;
  readonly #receiver: Socket;
  #marks = 0;
  #marksSeen = 0;

  private constructor(sender: Socket, receiver: Socket) {
    this.#sender = sender;
    this.#receiver = receiver;
    receiver.on('message', (datagram) => {
      // No RTP begins like this (RFC 7983).
      if (datagram[0] !== 0) this.received.push(datagram);
      else this.#marksSeen = Math.max(this.#marksSeen, datagram.readUInt32BE(1));
    });
  }

  static async open(family: 'udp4' | 'udp6' = 'udp4'): Promise<LoopbackReceiver> {
    return new LoopbackReceiver(await bound(family), await bound(family));
  }

  get route(): MediaRoute {
    const { address, port } = this.#receiver.address();
    return { fd: descriptorOf(this.#sender), address, port, channel: 0 };
  }

  /** Sends one datagram by Node's own means. */
  send(datagram: Buffer): void {
    const { address, port } = this.#receiver.address();
    this.#sender.send(datagram, port, address);
  }

  /** Resolves when everything has arrived that left before: loopback keeps the order. */
  async settled(): Promise<void> {
    const mark = ++this.#marks;
    const datagram = Buffer.alloc(5);
    datagram.writeUInt32BE(mark, 1);
    await until('the mark', () => {
      if (this.#marksSeen >= mark) return true;
      // It may be lost like any other.
      this.send(datagram);
      return false;
    });
  }

  close(): void {
    this.#sender.close();
    this.#receiver.close();
  }
}

async function bound(family: 'udp4' | 'udp6'): Promise<Socket> {
  const socket = createSocket(family);
  socket.bind(0, family === 'udp4' ? '127.0.0.1' : '::1');
  await once(socket, 'listening');
  return socket;
}

/** The descriptor of a bound socket, which Node keeps to itself. */
function descriptorOf(socket: Socket): number {
  const symbol = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'state symbol',
  );
  if (!symbol) throw new Error('this Node keeps the state of sockets elsewhere');
  const state = (socket as unknown as Record<symbol, { handle: { fd: number } }>)[symbol];
  return state?.handle.fd ?? -1;
}
