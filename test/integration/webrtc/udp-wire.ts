import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** The network between a viewer and the appliance: forwards datagrams on loopback, and loses them when told to. */
export class UdpWire {
  readonly #viewerSide: Socket;
  /** As a NAT has them: each port of the viewer has a port of its own towards the appliance. */
  #mappings = new Map<number, Promise<Socket>>();
  #viewerPort = 0;
  #serverPort = 0;
  /** Returns false for datagrams of the appliance that shall be lost. */
  keep: (datagram: Buffer) => boolean = () => true;
  /** Returns false for datagrams of the viewer that shall be lost. */
  keepOfViewer: (datagram: Buffer) => boolean = () => true;
  /** Nothing passes any more, in either direction. */
  muted = false;
  #closed = false;

  private constructor(viewerSide: Socket) {
    this.#viewerSide = viewerSide;
    viewerSide.on('message', (datagram, { port }) => {
      this.#viewerPort = port;
      if (!this.muted && this.keepOfViewer(datagram)) this.sendToAppliance(datagram);
    });
  }

  static async open(): Promise<UdpWire> {
    return new UdpWire(await bound());
  }

  /** The viewer's datagrams come from other addresses from now on, as after a change of network. */
  async moveViewer(): Promise<void> {
    const mappings = [...this.#mappings.values()];
    this.#mappings.clear();
    for (const mapping of mappings) (await mapping).close();
  }

  /** Sends a datagram as if it came from the viewer, from the port that it used last. */
  sendToAppliance(datagram: Buffer): void {
    const viewerPort = this.#viewerPort;
    let mapping = this.#mappings.get(viewerPort);
    if (!mapping) {
      mapping = this.#map(viewerPort);
      this.#mappings.set(viewerPort, mapping);
    }
    void mapping.then((socket) => {
      if (!this.#closed && this.#mappings.get(viewerPort) === mapping) {
        socket.send(datagram, this.#serverPort, '127.0.0.1');
      }
    });
  }

  async #map(viewerPort: number): Promise<Socket> {
    const socket = await bound();
    socket.on('message', (datagram) => {
      if (this.muted || viewerPort === 0 || !this.keep(datagram)) return;
      this.#viewerSide.send(datagram, viewerPort, '127.0.0.1');
    });
    return socket;
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
    this.#closed = true;
    this.#viewerSide.close();
    void this.moveViewer();
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
