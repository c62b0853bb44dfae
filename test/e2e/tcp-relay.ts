import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Bytes that wait on either side before the relay stops reading: as a small router's buffer. */
const BUFFER_BYTES = 16 * 1024;
const SLICE_MS = 10;

/** A TCP path between browser and appliance whose speed the test sets, and which it can cut. */
export class TcpRelay {
  readonly url: string;
  /** Bytes per second towards the browser; Infinity for all that comes. */
  downBytesPerSecond = Number.POSITIVE_INFINITY;
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  #cut = false;

  private constructor(server: Server, targetPort: number, port: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    this.url = `https://127.0.0.1:${port}/`;
    server.on('connection', (socket) => this.#connect(socket));
  }

  /** Listens on a free port of loopback and leads to the port of `targetUrl`. */
  static async start(targetUrl: string): Promise<TcpRelay> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return new TcpRelay(server, Number(new URL(targetUrl).port), port);
  }

  /** Ends every connection and refuses new ones until {@link restore}. */
  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore(): void {
    this.#cut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(browser: Socket): void {
    if (this.#cut) {
      browser.destroy();
      return;
    }
    const appliance = dial({ port: this.#targetPort, host: '127.0.0.1' });
    for (const [socket, other] of [
      [browser, appliance],
      [appliance, browser],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    browser.pipe(appliance);
    this.#slowly(appliance, browser).catch(() => browser.destroy());
  }

  /** Hands on what comes at the set speed; what does not fit stays in the sender's own buffers. */
  async #slowly(from: Socket, to: Socket): Promise<void> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const share = Math.ceil((this.downBytesPerSecond * SLICE_MS) / 1000);
        const end = Math.min(chunk.length, at + Math.min(share, BUFFER_BYTES));
        to.write(chunk.subarray(at, end));
        at = end;
        if (Number.isFinite(this.downBytesPerSecond)) await pause(SLICE_MS);
      }
    }
  }
}
