import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { Link } from './link.js';
import { LinkTimer } from './link-timer.js';

/** A UDP path on loopback between a viewer and the appliance, with the speed, delay, queue and losses of its links. */
export class UdpRelay {
  /** To the viewer and from it. */
  readonly down = new Link<Buffer>({}, 20);
  readonly up = new Link<Buffer>({}, 21);
  readonly #viewerSide: UdpSocket;
  readonly #serverSide: UdpSocket;
  readonly #timers: LinkTimer<Buffer>[];
  #viewerPort = 0;
  #serverPort = 0;

  private constructor(viewerSide: UdpSocket, serverSide: UdpSocket) {
    this.#viewerSide = viewerSide;
    this.#serverSide = serverSide;
    const up = new LinkTimer(this.up, (datagram) => {
      serverSide.send(datagram, this.#serverPort, '127.0.0.1');
    });
    const down = new LinkTimer(this.down, (datagram) => {
      viewerSide.send(datagram, this.#viewerPort, '127.0.0.1');
    });
    this.#timers = [up, down];
    viewerSide.on('message', (datagram, { port }) => {
      this.#viewerPort = port;
      up.offer(datagram, datagram.length);
    });
    serverSide.on('message', (datagram) => {
      if (this.#viewerPort !== 0) down.offer(datagram, datagram.length);
    });
  }

  static async open(): Promise<UdpRelay> {
    return new UdpRelay(await bound(), await bound());
  }

  /** The SDP answer with the relay's address in place of all candidates of the appliance, which must offer loopback. */
  route(answerSdp: string): string {
    const own = / 1 udp \d+ 127\.0\.0\.1 (\d+) typ host/.exec(answerSdp);
    if (!own?.[1]) throw new Error('the answer has no loopback candidate');
    this.#serverPort = Number(own[1]);
    const lines = answerSdp.split('\r\n');
    const candidate = lines.find(
      (line) => line.startsWith('a=candidate:') && line.includes(own[0]),
    );
    const routed = candidate?.replace(` ${own[1]} `, ` ${this.#viewerSide.address().port} `);
    return lines
      .flatMap((line) => {
        if (!line.startsWith('a=candidate:')) return [line];
        return line === candidate && routed ? [routed] : [];
      })
      .join('\r\n');
  }

  close(): void {
    for (const timer of this.#timers) timer.close();
    this.#viewerSide.close();
    this.#serverSide.close();
  }
}

/** Bytes that one TCP packet carries on Ethernet. */
const SEGMENT_BYTES = 1460;

/** The same for TCP connections: nothing gets lost, but what does not fit into the queue waits at the sender. */
export class TcpRelay {
  readonly url: string;
  readonly down = new Link<() => void>();
  readonly up = new Link<() => void>();
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  readonly #timers = {
    down: new LinkTimer(this.down, (arrive) => arrive()),
    up: new LinkTimer(this.up, (arrive) => arrive()),
  };

  private constructor(server: Server, targetPort: number) {
    const { port } = server.address() as { port: number };
    this.#server = server;
    this.#targetPort = targetPort;
    this.url = `https://127.0.0.1:${port}/`;
    server.on('connection', (socket) => this.#connect(socket));
  }

  /** Listens on a free port of loopback and leads to the port of `targetUrl`. */
  static async open(targetUrl: string): Promise<TcpRelay> {
    const server = createServer({ noDelay: true, allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpRelay(server, Number(new URL(targetUrl).port));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#timers.down.close();
    this.#timers.up.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(viewer: Socket): void {
    const address = { port: this.#targetPort, host: '127.0.0.1' };
    const appliance = dial({ ...address, noDelay: true, allowHalfOpen: true });
    for (const [socket, other] of [
      [viewer, appliance],
      [appliance, viewer],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', (broken) => {
        this.#sockets.delete(socket);
        if (broken) other.destroy();
      });
    }
    this.#pass(viewer, appliance, 'up').catch(() => viewer.destroy());
    this.#pass(appliance, viewer, 'down').catch(() => viewer.destroy());
  }

  async #pass(from: Socket, to: Socket, way: 'up' | 'down'): Promise<void> {
    // The other direction goes on when this one has ended.
    const chunks = from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += SEGMENT_BYTES) {
        const segment = chunk.subarray(at, at + SEGMENT_BYTES);
        while (!this.#timers[way].offer(() => to.write(segment), segment.length)) {
          if (to.destroyed) return;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    }
    this.#timers[way].offer(() => to.end(), 0);
  }
}

async function bound(): Promise<UdpSocket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
