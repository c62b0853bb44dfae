import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** The network between a viewer and the appliance: forwards datagrams on loopback, and loses them when told to. */
export class UdpWire {
  readonly #viewerSide: Socket;
  #serverSide: Socket;
  #viewerPort = 0;
  #serverPort = 0;
  /** Returns false for datagrams of the appliance that shall be lost. */
  keep: (datagram: Buffer) => boolean = () => true;
  /** Returns false for datagrams of the viewer that shall be lost. */
  keepOfViewer: (datagram: Buffer) => boolean = () => true;
  /** Nothing passes any more, in either direction. */
  muted = false;

  private constructor(viewerSide: Socket, serverSide: Socket) {
    this.#viewerSide = viewerSide;
    this.#serverSide = serverSide;
    viewerSide.on('message', (datagram, { port }) => {
      this.#viewerPort = port;
      if (!this.muted && this.keepOfViewer(datagram)) this.sendToAppliance(datagram);
    });
    this.#listen(serverSide);
  }

  static async open(): Promise<UdpWire> {
    return new UdpWire(await bound(), await bound());
  }

  /** The viewer's datagrams come from another address from now on, as after a change of network. */
  async moveViewer(): Promise<void> {
    this.#serverSide.close();
    this.#serverSide = await bound();
    this.#listen(this.#serverSide);
  }

  /** Sends a datagram as if it came from the viewer. */
  sendToAppliance(datagram: Buffer): void {
    this.#serverSide.send(datagram, this.#serverPort, '127.0.0.1');
  }

  #listen(serverSide: Socket): void {
    serverSide.on('message', (datagram) => {
      if (this.muted || this.#viewerPort === 0 || !this.keep(datagram)) return;
      this.#viewerSide.send(datagram, this.#viewerPort, '127.0.0.1');
    });
  }

  /** The answer with the wire's address in place of all candidates of the appliance. */
  route(answerSdp: string): string {
    const candidate = /a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+) typ host[^\r\n]*/.exec(
      answerSdp,
    );
    if (!candidate?.[1]) throw new Error('the answer has no loopback candidate');
    this.#serverPort = Number(candidate[1]);
    const own = candidate[0].replace(` ${candidate[1]} `, ` ${this.#viewerSide.address().port} `);
    return answerSdp
      .split('\r\n')
      .flatMap((line) =>
        line.startsWith('a=candidate:') ? (line === candidate[0] ? [own] : []) : [line],
      )
      .join('\r\n');
  }

  close(): void {
    this.#viewerSide.close();
    this.#serverSide.close();
  }
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** True for SRTP media (RFC 7983), not RTCP. */
export function isMedia(datagram: Buffer): boolean {
  const [first = 0, second = 0] = datagram;
  return first >= 128 && first < 192 && !(second >= 192 && second <= 223);
}
