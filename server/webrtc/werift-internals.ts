import type * as Werift from 'werift';
import { isAuthenticBindingRequest } from './stun-guard.js';

/** werift 0.25.2's private parts, as far as they are used. The only place that knows them. */
interface Internals {
  buildRequest(options: {
    nominate: boolean;
    localUsername: string;
    remoteUsername: string;
    iceControlling: boolean;
    localCandidate?: unknown;
  }): unknown;
  protocols: Array<{ type: string; transport?: UdpTransport }>;
  userHistory: Record<string, string>;
}

interface UdpTransport {
  readonly socket?: {
    send(data: Buffer, port: number, address: string, done: (error: Error | null) => void): void;
    on(event: 'error', listener: (error: Error) => void): void;
    getSendQueueSize(): number;
  };
  send: (data: Buffer, address?: [string, number]) => Promise<void>;
  onData: (data: Buffer, address: [string, number]) => void;
}

type IceConnection = Werift.RTCIceTransport['connection'];

const patched = new WeakSet<object>();

/**
 * Mends compound RTCP (RFC 3550 section 6.1): werift parses each packet of a compound with the bytes of all that
 * follow, so that a NACK swallows them as sequence numbers. Each packet is now cut to its own length first, and one
 * that does not parse costs only itself. Idempotent.
 */
export function repairCompoundRtcp(werift: typeof Werift): void {
  const converter = werift.RtcpPacketConverter;
  if (patched.has(converter)) return;
  patched.add(converter);
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
 * Checks once, at start, that werift's private parts have the shape that this file expects.
 * @returns what differs; empty when all is well
 */
export async function selfTest(werift: typeof Werift): Promise<string[]> {
  const problems: string[] = [];
  const connection = new werift.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  try {
    connection.addTransceiver('video', { direction: 'sendonly' });
    const ice = connection.iceTransports[0]?.connection as (IceConnection & Internals) | undefined;
    if (!ice) return ['no ICE transport'];
    if (!('stunServer' in ice)) problems.push('connection.stunServer');
    if (typeof ice.buildRequest !== 'function') problems.push('connection.buildRequest');
    if (!Array.isArray(ice.protocols)) problems.push('connection.protocols');
    if (typeof ice.userHistory !== 'object') problems.push('connection.userHistory');
    if (typeof werift.RtcpPacketConverter.deSerialize !== 'function') {
      problems.push('RtcpPacketConverter.deSerialize');
    }
  } finally {
    await connection.close();
  }
  return problems;
}

/** Access to the transport of one peer below werift's public surface. */
export class TransportInternals {
  readonly #ice: IceConnection & Internals;
  readonly #watched = new Set<UdpTransport>();
  #sendErrors = 0;

  constructor(connection: IceConnection) {
    this.#ice = connection as IceConnection & Internals;
  }

  /** Datagrams that the kernel refused since the start. */
  get sendErrors(): number {
    return this.#sendErrors;
  }

  /**
   * To be called after gathering, before the answer is known to anybody: counts send errors of each UDP socket instead
   * of losing or throwing them, and drops connectivity checks that do not know the password.
   */
  watchSockets(): void {
    for (const { transport } of this.#ice.protocols) {
      if (!transport?.socket?.getSendQueueSize || this.#watched.has(transport)) continue;
      this.#watched.add(transport);
      this.#countErrors(transport, transport.socket);
      this.#guard(transport);
    }
  }

  #countErrors(transport: UdpTransport, socket: NonNullable<UdpTransport['socket']>): void {
    const count = (error: Error | null) => {
      if (error) this.#sendErrors++;
    };
    socket.on('error', count);
    const send = transport.send;
    transport.send = async (data, address) => {
      if (!address) return send(data, address);
      socket.send(data, address[1], address[0], count);
    };
  }

  /** werift answers and acts on any binding request without a look at USERNAME and MESSAGE-INTEGRITY. */
  #guard(transport: UdpTransport): void {
    const receive = transport.onData;
    transport.onData = (data, address) => {
      if (isAuthenticBindingRequest(data, (ufrag) => this.#passwordOf(ufrag)))
        receive(data, address);
    };
  }

  #passwordOf(ufrag: string): string | undefined {
    if (ufrag === this.#ice.localUsername) return this.#ice.localPassword;
    return Object.hasOwn(this.#ice.userHistory, ufrag) ? this.#ice.userHistory[ufrag] : undefined;
  }

  /** Bytes that wait in user space because the socket of the selected pair does not drain. */
  queuedBytes(): number {
    const protocol = this.#ice.nominated?.protocol as { transport?: UdpTransport } | undefined;
    return protocol?.transport?.socket?.getSendQueueSize?.() ?? 0;
  }

  /** A number that grows with everything that the peer sends on the selected pair. */
  receivedCount(): number {
    const pair = this.#ice.nominated;
    return pair ? pair.packetsReceived + pair.requestsReceived + pair.responsesReceived : 0;
  }

  /**
   * Asks the peer for a sign of life: a STUN binding request that any ICE agent answers at once, whatever the picture
   * does. Resolves to true when the answer came within a second.
   */
  async probe(): Promise<boolean> {
    const pair = this.#ice.nominated;
    if (!pair) return false;
    const request = this.#ice.buildRequest({
      nominate: false,
      localUsername: this.#ice.localUsername,
      remoteUsername: this.#ice.remoteUsername,
      iceControlling: this.#ice.iceControlling,
      localCandidate: pair.localCandidate,
    });
    try {
      await pair.protocol.request(
        request as Parameters<typeof pair.protocol.request>[0],
        pair.remoteAddr,
        Buffer.from(this.#ice.remotePassword),
        { retransmissions: 0, responseTimeout: 1000 },
      );
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * Takes werift's built-in STUN server away: without it werift asks stun.l.google.com even when no server was
 * configured, and waits 5 s for an answer.
 */
export function removeDefaultStunServer(peer: Werift.RTCPeerConnection): void {
  for (const { connection } of peer.iceTransports) delete connection.stunServer;
}
