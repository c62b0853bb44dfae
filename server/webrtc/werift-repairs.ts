import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Server, Socket as TcpSocket } from 'node:net';
import type * as Werift from 'werift';

/*
 * What is wrong with werift 0.25.2 for the whole process and can be mended from outside. See werift-internals.ts for
 * the shapes that this relies on.
 */

/** A UDP socket of werift. */
export interface UdpTransport {
  readonly socket: Socket;
  send: (data: Buffer, address?: readonly [string, number]) => Promise<void>;
  onData: (data: Buffer, address: readonly [string, number]) => void;
}

/** Its constructor is private in werift's types. */
export interface UdpTransportClass {
  new (type: 'udp4' | 'udp6', options: object): UdpTransport;
  init(
    type: 'udp4' | 'udp6',
    options?: { portRange?: [number, number]; port?: number; interfaceAddresses?: object },
  ): Promise<UdpTransport>;
}

/** A TCP or TLS connection to a TURN server. */
interface StreamTransport {
  readonly stream: { readonly client: TcpSocket };
}

const patched = new WeakSet<object>();

/**
 * Mends werift for the whole process, once: compound RTCP, the binding of sockets, small packets on TCP. Call after selfTest() found
 * nothing.
 */
export function repairWerift(werift: typeof Werift): void {
  if (patched.has(werift.RtcpPacketConverter)) return;
  patched.add(werift.RtcpPacketConverter);
  repairCompoundRtcp(werift);
  repairSocketBinding(werift);
  repairTcpDelay(werift);
}

/**
 * werift parses each packet of a compound (RFC 3550 section 6.1) with the bytes of all that follow, so that a NACK
 * swallows them as sequence numbers. Each is now cut to its own length first, and one that does not parse costs only
 * itself.
 */
function repairCompoundRtcp(werift: typeof Werift): void {
  const converter = werift.RtcpPacketConverter;
  const parse = converter.deSerialize.bind(converter);
  converter.deSerialize = (data: Buffer) => {
    const packets: ReturnType<typeof parse> = [];
    for (let offset = 0; offset + 4 <= data.length; ) {
      const end = offset + (data.readUInt16BE(offset + 2) + 1) * 4;
      if (end > data.length) break;
      packets.push(...parse(data.subarray(offset, end)));
      offset = end;
    }
    return packets;
  };
}

/**
 * werift looks for a free port by binding and closing a trial socket; another peer (or its own second address) can
 * take the port in between, and the error of the real socket ends the process, because nobody listens. Here the real
 * socket is bound, to the first port of the range that is free, from a random place on; IPv6 sockets leave the port
 * free for IPv4.
 */
function repairSocketBinding(werift: typeof Werift): void {
  const transports = werift.UdpTransport as unknown as UdpTransportClass;
  transports.init = async (type, { portRange, port, interfaceAddresses } = {}) => {
    const [first, last] = portRange ?? [port ?? 0, port ?? 0];
    const count = last - first + 1;
    const start = Math.floor(Math.random() * count);
    const address = (interfaceAddresses as Record<string, string> | undefined)?.[type];
    for (let step = 0; ; step++) {
      const transport = new transports(type, {});
      try {
        // A datagram that cannot be sent is lost, which is no reason to end the process.
        transport.socket.on('error', () => {});
        const listening = once(transport.socket, 'listening');
        transport.socket.bind({
          port: first + ((start + step) % count),
          ...(address !== undefined && { address }),
          exclusive: true,
        });
        await listening;
        return transport;
      } catch (error) {
        transport.socket.close();
        if (step + 1 >= count) throw error;
      }
    }
  };
}

/**
 * werift leaves Nagle's algorithm (RFC 9293 section 3.7.4) on: over ICE-TCP and over TURN by TCP or TLS an acknowledgement of input
 * waits until the other end has acknowledged the pictures before it, 40 ms and more.
 */
function repairTcpDelay(werift: typeof Werift): void {
  for (const transport of [werift.TcpTransport, werift.TlsTransport]) {
    const { init } = transport;
    Object.assign(transport, {
      init: async (...given: Parameters<typeof init>) => {
        const made = (await Reflect.apply(init, transport, given)) as unknown as StreamTransport;
        made.stream.client.setNoDelay(true);
        return made;
      },
    });
  }
  const passive = werift.TcpPassiveProtocol.prototype;
  const { connectionMade } = passive;
  passive.connectionMade = function (...given) {
    const { server } = this as unknown as { readonly server: Server };
    server.on('connection', (socket) => socket.setNoDelay(true));
    return Reflect.apply(connectionMade, this, given);
  };
}
