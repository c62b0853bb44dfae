import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const MAGIC_COOKIE = 0x2112a442;
const SUCCESS = 0x0100;
const METHOD = { allocate: 0x003, refresh: 0x004, send: 0x016, permission: 0x008, bind: 0x009 };
const ATTRIBUTE = {
  channel: 0x0c,
  lifetime: 0x0d,
  peer: 0x12,
  data: 0x13,
  relayed: 0x16,
  own: 0x20,
};
const DATA_INDICATION = 0x017;
const LIFETIME_S = 600;

interface Peer {
  address: string;
  port: number;
}

/** A TURN server on loopback for one client, by UDP and without a login (RFC 8656). Keeps count of how things came to it. */
export class UdpTurn {
  readonly counts = { channelData: 0, sendIndications: 0 };
  readonly #server: Socket;
  readonly #relay: Socket;
  readonly #channels = new Map<number, Peer>();
  #client: Peer | null = null;

  private constructor(server: Socket, relay: Socket) {
    this.#server = server;
    this.#relay = relay;
    server.on('message', (datagram, from) => this.#receive(datagram, from));
    relay.on('message', (datagram, from) => this.#passBack(datagram, from));
  }

  static async open(): Promise<UdpTurn> {
    return new UdpTurn(await bound(), await bound());
  }

  get port(): number {
    return this.#server.address().port;
  }

  close(): void {
    this.#server.close();
    this.#relay.close();
  }

  #receive(datagram: Buffer, from: Peer): void {
    this.#client = from;
    const first = datagram[0] ?? 0;
    if (first >= 0x40 && first < 0x80) {
      this.counts.channelData += 1;
      const peer = this.#channels.get(datagram.readUInt16BE(0));
      const end = 4 + datagram.readUInt16BE(2);
      if (peer) this.#relay.send(datagram.subarray(4, end), peer.port, peer.address);
      return;
    }
    const attributes = readAttributes(datagram);
    const method = datagram.readUInt16BE(0);
    const peer = readAddress(attributes.get(ATTRIBUTE.peer));
    if (method === METHOD.send) {
      this.counts.sendIndications += 1;
      const content = attributes.get(ATTRIBUTE.data);
      if (content && peer) this.#relay.send(content, peer.port, peer.address);
      return;
    }
    if (method === METHOD.bind) {
      const channel = attributes.get(ATTRIBUTE.channel)?.readUInt16BE(0);
      if (channel !== undefined && peer) this.#channels.set(channel, peer);
    }
    const { port } = this.#relay.address();
    const lifetime = Buffer.alloc(4);
    lifetime.writeUInt32BE(LIFETIME_S);
    const reply = Buffer.concat([
      attribute(ATTRIBUTE.relayed, xorAddress({ address: '127.0.0.1', port })),
      attribute(ATTRIBUTE.own, xorAddress(from)),
      attribute(ATTRIBUTE.lifetime, lifetime),
    ]);
    this.#tell(message(method | SUCCESS, datagram.subarray(4, 20), reply));
  }

  #passBack(datagram: Buffer, from: Peer): void {
    const bound = [...this.#channels].find(([, { port }]) => port === from.port);
    if (bound) {
      const head = Buffer.alloc(4);
      head.writeUInt16BE(bound[0]);
      head.writeUInt16BE(datagram.length, 2);
      this.#tell(Buffer.concat([head, datagram]));
      return;
    }
    const id = Buffer.alloc(16);
    id.writeUInt32BE(MAGIC_COOKIE);
    const content = Buffer.concat([
      attribute(ATTRIBUTE.peer, xorAddress(from)),
      attribute(ATTRIBUTE.data, datagram),
    ]);
    this.#tell(message(DATA_INDICATION, id, content));
  }

  #tell(datagram: Buffer): void {
    if (this.#client) this.#server.send(datagram, this.#client.port, this.#client.address);
  }
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

function message(type: number, cookieAndId: Buffer, attributes: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type);
  head.writeUInt16BE(attributes.length, 2);
  return Buffer.concat([head, cookieAndId, attributes]);
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

function readAttributes(datagram: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let offset = 20; offset + 4 <= datagram.length; ) {
    const length = datagram.readUInt16BE(offset + 2);
    found.set(datagram.readUInt16BE(offset), datagram.subarray(offset + 4, offset + 4 + length));
    offset += 4 + Math.ceil(length / 4) * 4;
  }
  return found;
}

/** XOR-MAPPED-ADDRESS of IPv4 (RFC 8489 section 14.2). */
function xorAddress({ address, port }: Peer): Buffer {
  const value = Buffer.from([0, 1, 0, 0, ...address.split('.').map(Number)]);
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  value.writeUInt32BE((value.readUInt32BE(4) ^ MAGIC_COOKIE) >>> 0, 4);
  return value;
}

function readAddress(value: Buffer | undefined): Peer | null {
  if (!value) return null;
  const port = value.readUInt16BE(2) ^ (MAGIC_COOKIE >>> 16);
  const plain = Buffer.alloc(4);
  plain.writeUInt32BE((value.readUInt32BE(4) ^ MAGIC_COOKIE) >>> 0);
  return { port, address: plain.join('.') };
}
