import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

interface Reply {
  id?: number;
  type: 'success' | 'error' | 'event';
  result?: unknown;
  error?: string;
  message?: string;
}

/** The commands of WebDriver BiDi (w3.org/TR/webdriver-bidi) that the tests need, on a socket that reaches the browser. */
export class BidiConnection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (text: Buffer) => {
      const reply = JSON.parse(text.toString()) as Reply;
      if (reply.id === undefined) return;
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
  }

  /** Takes the stream over and closes it with the connection. */
  static async open(url: string, stream: Duplex): Promise<BidiConnection> {
    const socket = new WebSocket(url, { createConnection: () => stream as never });
    await once(socket, 'open');
    return new BidiConnection(socket);
  }

  /** Rejects with what the browser complains about. */
  send<T>(method: string, params: object): Promise<T> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (reply) => {
        if (reply.type === 'success') resolve(reply.result as T);
        else reject(new Error(`${method}: ${reply.error} ${reply.message}`));
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}
