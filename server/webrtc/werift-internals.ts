import { Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';
import type * as Werift from 'werift';
import { isForeignDatagram, judgeCheck } from './datagram-guard.js';

/*
 * All use of werift 0.25.2's private parts. The interfaces name them as they are there; selfTest() checks the shapes
 * once at start, and when one differs the peers run on werift's public surface alone.
 */

type Address = readonly [string, number];

interface UdpTransport {
  readonly socket: Socket;
  send: (data: Buffer, address?: Address) => Promise<void>;
  onData: (data: Buffer, address: Address) => void;
}

interface UdpTransportClass {
  new (type: 'udp4' | 'udp6', options: object): UdpTransport;
  init(
    type: 'udp4' | 'udp6',
    options?: { portRange?: [number, number]; port?: number; interfaceAddresses?: object },
  ): Promise<UdpTransport>;
}

interface PrivateIce {
  buildRequest(options: {
    nominate: boolean;
    localUsername: string;
    remoteUsername: string;
    iceControlling: boolean;
    localCandidate?: unknown;
  }): unknown;
  getCandidatePromises(addresses: string[], timeoutS: number): Array<Promise<unknown>>;
  appendLocalCandidate(candidate: Werift.Candidate): void;
  pairLocalProtocol(protocol: unknown): void;
  protocols: Werift.StunProtocol[];
  userHistory: Record<string, string>;
}

type Ice = Werift.RTCIceTransport['connection'] & PrivateIce;

interface PrivateSctp {
  handleData(data: Buffer): Promise<void>;
  advertisedRwnd: number;
}

interface PrivateSctpTransport {
  datachannelReceive(streamId: number, ppId: number, data: Buffer): Promise<void>;
}

interface PrivateDtls {
  sessionType: number;
  dtls: { epoch: number; recordSequenceNumber: number };
  cipher: {
    cipher: { encrypt(type: number, data: Buffer, header: object): Buffer };
  };
}

const DTLS_1_2 = 0xfefd;
const DTLS_ALERT = 21;
/** A viewer has few: its interfaces, and what its NATs make of them. */
const MAX_VIEWER_ADDRESSES = 64;
const patched = new WeakSet<object>();

/**
 * Mends werift for the whole process, once: compound RTCP and the binding of sockets. Call after {@link selfTest} found
 * nothing.
 */
export function repairWerift(werift: typeof Werift): void {
  if (patched.has(werift.RtcpPacketConverter)) return;
  patched.add(werift.RtcpPacketConverter);
  repairCompoundRtcp(werift);
  repairSocketBinding(werift);
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
 * Checks once, at start, that werift's private parts have the shape that this file expects.
 * @returns what differs; empty when all is well
 */
export async function selfTest(werift: typeof Werift): Promise<string[]> {
  const problems: string[] = [];
  const check = (name: string, fits: boolean) => {
    if (!fits) problems.push(name);
  };
  const isFunction = (value: unknown) => typeof value === 'function';
  const connection = new werift.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  try {
    connection.addTransceiver('video', { direction: 'sendonly' });
    connection.createDataChannel('self-test');
    const ice = connection.iceTransports[0]?.connection as Partial<Ice> | undefined;
    check('connection.stunServer', ice !== undefined && 'stunServer' in ice);
    check('connection.buildRequest', isFunction(ice?.buildRequest));
    check('connection.getCandidatePromises', isFunction(ice?.getCandidatePromises));
    check('connection.appendLocalCandidate', isFunction(ice?.appendLocalCandidate));
    check('connection.pairLocalProtocol', isFunction(ice?.pairLocalProtocol));
    check('connection.protocols', Array.isArray(ice?.protocols));
    check('connection.userHistory', typeof ice?.userHistory === 'object');
    const transport = connection.sctpTransport as unknown as Partial<PrivateSctpTransport>;
    const sctp = connection.sctpTransport?.sctp as unknown as Partial<PrivateSctp> | undefined;
    check('sctpTransport.datachannelReceive', isFunction(transport?.datachannelReceive));
    check('sctp.handleData', isFunction(sctp?.handleData));
    check('sctp.advertisedRwnd', typeof sctp?.advertisedRwnd === 'number');
    check('RtcpPacketConverter.deSerialize', isFunction(werift.RtcpPacketConverter?.deSerialize));
    check('UdpTransport.init', isFunction(werift.UdpTransport?.init));
    check('serverReflexiveCandidate', isFunction(werift.serverReflexiveCandidate));
    const udp = new (werift.UdpTransport as unknown as UdpTransportClass)('udp4', {});
    check('UdpTransport.socket', udp.socket instanceof Socket);
    check('UdpTransport.send', isFunction(udp.send) && isFunction(udp.onData));
    udp.socket.close();
  } finally {
    await connection.close();
  }
  return problems;
}

/** Access to the transport of one peer below werift's public surface. */
export class TransportInternals {
  readonly #werift: typeof Werift;
  readonly #ice: Ice;
  readonly #dtls: Werift.RTCDtlsTransport;
  readonly #watched = new Set<UdpTransport>();
  /** Addresses that have sent an authentic binding request, the latest last. */
  readonly #viewerAddresses = new Set<string>();
  #sendErrors = 0;

  constructor(werift: typeof Werift, dtls: Werift.RTCDtlsTransport) {
    this.#werift = werift;
    this.#dtls = dtls;
    this.#ice = dtls.iceTransport.connection as unknown as Ice;
  }

  /** Datagrams that the kernel refused since the start. */
  get sendErrors(): number {
    return this.#sendErrors;
  }

  /**
   * To be called after gathering, before anybody knows the answer: send errors of each UDP socket are counted instead
   * of lost, and datagrams that are not the viewer's are dropped.
   */
  watchSockets(): void {
    for (const protocol of this.#ice.protocols) {
      const transport = protocol.transport as unknown as UdpTransport | undefined;
      if (protocol.type !== 'stun' || !transport?.socket || this.#watched.has(transport)) continue;
      this.#watched.add(transport);
      this.#countErrors(transport);
      this.#guard(transport);
    }
  }

  #countErrors(transport: UdpTransport): void {
    const { socket, send } = transport;
    const count = (error: Error | null) => {
      if (error) this.#sendErrors++;
    };
    socket.on('error', count);
    transport.send = async (data, address) => {
      if (!address) return send(data, address);
      socket.send(data, address[1], address[0], count);
    };
  }

  /**
   * werift answers and acts on any binding request without a look at USERNAME and MESSAGE-INTEGRITY, takes media and
   * DTLS from any address, and closes the association on any alert, even one that is not protected.
   */
  #guard(transport: UdpTransport): void {
    const receive = transport.onData;
    transport.onData = (data, address) => {
      const key = `${address[0]} ${address[1]}`;
      const verdict = judgeCheck(data, (ufrag) => this.#passwordOf(ufrag));
      if (verdict === 'forged') return;
      if (verdict === 'authentic') this.#remember(key);
      const associated = this.#dtls.state === 'connected';
      const selected = this.#ice.nominated?.remoteAddr;
      // The viewer may use any pair that it checked (RFC 8445 section 12.2), and browsers do change over. One with ICE
      // lite checks none: it is heard on the pair selected here.
      const fromViewer = this.#viewerAddresses.has(key) || key === selected?.join(' ');
      if (isForeignDatagram(data, fromViewer, associated)) return;
      receive(data, address);
    };
  }

  #remember(address: string): void {
    this.#viewerAddresses.delete(address);
    this.#viewerAddresses.add(address);
    if (this.#viewerAddresses.size <= MAX_VIEWER_ADDRESSES) return;
    const [oldest] = this.#viewerAddresses;
    if (oldest !== undefined) this.#viewerAddresses.delete(oldest);
  }

  #passwordOf(ufrag: string): string | undefined {
    if (ufrag === this.#ice.localUsername) return this.#ice.localPassword;
    return Object.hasOwn(this.#ice.userHistory, ufrag) ? this.#ice.userHistory[ufrag] : undefined;
  }

  /**
   * werift drops the promises of its SCTP and data channel code, so that a message with an unknown protocol id or a
   * chunk that does not parse would end the process as an unhandled rejection. Here it ends the viewer; so does one
   * that sends more unfinished messages than the receive window allows (RFC 9260 section 6.2).
   */
  guardDataChannels(transport: Werift.RTCSctpTransport, broken: () => void): void {
    const sctp = transport.sctp as unknown as PrivateSctp;
    const channels = transport as unknown as PrivateSctpTransport;
    transport.sctp.onReceive.allUnsubscribe();
    transport.sctp.onReceive.subscribe((streamId, ppId, data) => {
      channels.datachannelReceive(streamId, ppId, data).catch(broken);
    });
    this.#dtls.dataReceiver = (data) => {
      sctp.handleData(data).catch(broken);
      if (sctp.advertisedRwnd < 0) broken();
    };
  }

  /** Bytes that wait in user space because the socket of the selected pair does not drain. */
  queuedBytes(): number {
    const protocol = this.#ice.nominated?.protocol as
      | { transport?: Partial<UdpTransport> }
      | undefined;
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

  /**
   * Asks STUN and TURN servers after the answer has gone out, so that nobody waits for them. Found candidates are
   * announced by werift's onIceCandidate. Never rejects; a server that does not answer yields nothing.
   */
  async gatherFromServers(options: Parameters<Ice['setIceServers']>[0]): Promise<void> {
    const ice = this.#ice;
    const known = new Set(ice.protocols);
    // setIceServers falls back to werift's own STUN server: without one in the options it has to go again.
    ice.setIceServers(options);
    const stunServer = options.stunServer && ice.stunServer;
    removeStunServer(ice);
    const reflexive = [...known].map(async (protocol) => {
      if (!stunServer || protocol.type !== 'stun' || isIP(protocol.localIp ?? '') !== 4) return;
      const candidate = await this.#werift.serverReflexiveCandidate(protocol, stunServer);
      if (candidate && ice.state !== 'closed') ice.appendLocalCandidate(candidate);
    });
    await Promise.allSettled(ice.getCandidatePromises([], 1));
    for (const protocol of ice.protocols) {
      if (!known.has(protocol)) ice.pairLocalProtocol(protocol);
    }
    await Promise.allSettled(reflexive);
  }

  /**
   * Tells the other end that the association is over (RFC 6347, RFC 5246 section 7.2.1), which werift does not do: a
   * player would show a frozen picture until consent runs out after 30 s.
   */
  async sendCloseNotify(): Promise<void> {
    const socket = this.#dtls.dtls as unknown as PrivateDtls | undefined;
    if (!socket || this.#dtls.state !== 'connected') return;
    const sequenceNumber = ++socket.dtls.recordSequenceNumber;
    const { epoch } = socket.dtls;
    const alert = socket.cipher.cipher.encrypt(socket.sessionType, Buffer.from([1, 0]), {
      type: DTLS_ALERT,
      version: DTLS_1_2,
      epoch,
      sequenceNumber,
    });
    const header = Buffer.alloc(13);
    header.writeUInt8(DTLS_ALERT, 0);
    header.writeUInt16BE(DTLS_1_2, 1);
    header.writeUInt16BE(epoch, 3);
    header.writeUIntBE(sequenceNumber, 5, 6);
    header.writeUInt16BE(alert.length, 11);
    await this.#ice.send(Buffer.concat([header, alert]));
  }
}

/**
 * Takes werift's built-in STUN server away: without it werift asks stun.l.google.com even when no server was
 * configured, and waits 5 s for an answer.
 */
export function removeDefaultStunServer(peer: Werift.RTCPeerConnection): void {
  for (const { connection } of peer.iceTransports) removeStunServer(connection);
}

function removeStunServer(ice: Werift.RTCIceTransport['connection']): void {
  delete ice.stunServer;
}
