import { Socket } from 'node:dgram';
import { Server, type Socket as TcpSocket } from 'node:net';
import type * as Werift from 'werift';
import { isForeignDatagram, judgeCheck } from './datagram-guard.js';
import { gatheringSelfTest } from './gathering.js';
import type { Relay } from './relay.js';
import type { UdpTransport, UdpTransportClass } from './werift-repairs.js';

/*
 * All use of werift 0.25.2's private parts. The interfaces name them as they are there; selfTest() checks the shapes
 * once at start, and when one differs the peers run on werift's public surface alone.
 */

type Address = readonly [string, number];

interface PrivateIce {
  buildRequest(options: {
    nominate: boolean;
    localUsername: string;
    remoteUsername: string;
    iceControlling: boolean;
    localCandidate?: unknown;
  }): unknown;
  protocols: Werift.StunProtocol[];
  userHistory: Record<string, string>;
}

type Ice = Werift.RTCIceTransport['connection'] & PrivateIce;

/** What a pair goes through: a UDP socket, a relay or TCP connections. */
interface AnyProtocol {
  transport?: AnyTransport;
  turn?: { transport: AnyTransport };
  sockets?: PrivateTcp['sockets'];
}

interface AnyTransport {
  socket?: Socket;
  stream?: { client: TcpSocket };
}

/** ICE-TCP (RFC 6544): one listening port of a peer. */
interface PrivateTcp {
  handleFrame: (data: Buffer, address: Address) => void;
  server: Server;
  sockets: Map<string, { socket: TcpSocket }>;
}

interface PrivateSctp {
  handleData(data: Buffer): Promise<void>;
  advertisedRwnd: number;
}

interface PrivateSctpTransport {
  datachannelReceive(streamId: number, ppId: number, data: Buffer): Promise<void>;
}

interface PrivateDtls {
  sessionType: number;
  dtls: { epoch: number; recordSequenceNumber: number; flight: number };
  cipher: {
    cipher: { encrypt(type: number, data: Buffer, header: object): Buffer };
  };
}

const DTLS_1_2 = 0xfefd;
const DTLS_ALERT = 21;
/** werift's number of the state after the last flight (RFC 6347 section 4.2.4). */
const LAST_FLIGHT = 7;
/** A viewer has few: its interfaces, and what its NATs make of them. */
const MAX_VIEWER_ADDRESSES = 64;
/** werift's CandidatePairState. */
const PAIR_SUCCEEDED = 3;
/** A viewer opens one or two; a stranger is gone when it has not shown the password by then. */
const MAX_TCP_CONNECTIONS = 8;
const TCP_CHECK_TIMEOUT_MS = 5000;

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
    check('connection.protocols', Array.isArray(ice?.protocols));
    check('connection.userHistory', typeof ice?.userHistory === 'object');
    const transport = connection.sctpTransport as unknown as Partial<PrivateSctpTransport>;
    const sctp = connection.sctpTransport?.sctp as unknown as Partial<PrivateSctp> | undefined;
    check('sctpTransport.datachannelReceive', isFunction(transport?.datachannelReceive));
    check('sctp.handleData', isFunction(sctp?.handleData));
    check('sctp.advertisedRwnd', typeof sctp?.advertisedRwnd === 'number');
    check('RtcpPacketConverter.deSerialize', isFunction(werift.RtcpPacketConverter?.deSerialize));
    check('UdpTransport.init', isFunction(werift.UdpTransport?.init));
    const tcp = new werift.TcpPassiveProtocol() as unknown as Partial<PrivateTcp>;
    check('TcpPassiveProtocol.handleFrame', isFunction(tcp.handleFrame));
    check('TcpPassiveProtocol.sockets', tcp.sockets instanceof Map && tcp.server instanceof Server);
    tcp.server?.close();
    problems.push(...gatheringSelfTest(werift));
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
  readonly #ice: Ice;
  readonly #dtls: Werift.RTCDtlsTransport;
  readonly #watched = new Set<object>();
  /** Addresses that have sent an authentic binding request, the latest last. */
  readonly #viewerAddresses = new Set<string>();
  #sendErrors = 0;

  constructor(dtls: Werift.RTCDtlsTransport) {
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
      const key = transport ?? protocol;
      if (this.#watched.has(key)) continue;
      this.#watched.add(key);
      if ((protocol.type as string) === 'tcp') this.#watchTcp(protocol as unknown as PrivateTcp);
      if (protocol.type !== 'stun' || !transport?.socket) continue;
      this.#countErrors(transport);
      this.#guard(transport, protocol);
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
  #guard(transport: UdpTransport, protocol: object): void {
    const receive = transport.onData;
    transport.onData = (data, address) => {
      if (this.#accepts(data, address, protocol)) receive(data, address);
    };
  }

  #accepts(data: Buffer, address: Address, protocol: object): boolean {
    const key = `${address[0]} ${address[1]}`;
    const verdict = judgeCheck(data, (ufrag) => this.#passwordOf(ufrag));
    if (verdict === 'forged') return false;
    if (verdict === 'authentic') this.#remember(key);
    const associated = this.#dtls.state === 'connected';
    const selected = this.#ice.nominated?.remoteAddr;
    // The viewer may use any pair that it checked (RFC 8445 section 12.2), and browsers do change over. One with ICE
    // lite checks none: it is heard on the pair selected here.
    const fromViewer = this.#viewerAddresses.has(key) || key === selected?.join(' ');
    if (isForeignDatagram(data, fromViewer, associated)) return false;
    if (associated && verdict === 'other' && (data[0] ?? 0) > 3) this.#follow(protocol, address);
    return true;
  }

  /**
   * The viewer selects the pair (RFC 8445 section 8.1.1), maybe another one later, and shows it by what it sends there;
   * werift stays on the first one.
   */
  #follow(protocol: object, [host, port]: Address): void {
    const ice = this.#ice;
    const isHere = (pair: Werift.CandidatePair) =>
      pair.protocol === protocol &&
      pair.remoteCandidate.host === host &&
      pair.remoteCandidate.port === port;
    if (!ice.nominated || ice.iceControlling || isHere(ice.nominated)) return;
    const pair = ice.checkList.find((each) => each.state === PAIR_SUCCEEDED && isHere(each));
    if (pair) ice.nominated = pair;
  }

  /** To be called with each relay before anything comes through it: as {@link watchSockets} for what it carries. */
  watchRelay(relay: Relay): void {
    const { turn } = relay;
    const deliver = turn.onData.execute;
    turn.onData.execute = (data, address) => {
      if (this.#accepts(data, address, relay)) deliver(data, address);
    };
    const { transport } = turn;
    const receive = transport.onData;
    transport.onData = (data, address) => {
      // Only the server speaks for the relay; its socket is open to everybody.
      if (turn.serverEndpoint && address.join(' ') !== turn.serverEndpoint.join(' ')) return;
      receive(data, address);
    };
  }

  /** Anybody can connect to the port: frames are looked at like datagrams, and strangers are few and soon gone. */
  #watchTcp(protocol: PrivateTcp): void {
    const receive = protocol.handleFrame.bind(protocol);
    protocol.handleFrame = (data, address) => {
      if (this.#accepts(data, address, protocol)) receive(data, address);
    };
    // werift's active half has no server.
    if (!protocol.server) return;
    protocol.server.maxConnections = MAX_TCP_CONNECTIONS;
    protocol.server.on('error', () => this.#sendErrors++);
    protocol.server.on('connection', (socket: TcpSocket) => {
      const key = `${socket.remoteAddress} ${socket.remotePort}`;
      const timer = setTimeout(() => {
        if (!this.#viewerAddresses.has(key)) socket.destroy();
      }, TCP_CHECK_TIMEOUT_MS);
      socket.setNoDelay(true);
      socket.once('close', () => clearTimeout(timer));
    });
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
    const pair = this.#ice.nominated;
    const protocol = pair?.protocol as unknown as AnyProtocol | undefined;
    if (!pair || !protocol) return 0;
    const transport = protocol.turn?.transport ?? protocol.transport;
    const stream =
      transport?.stream?.client ?? protocol.sockets?.get(pair.remoteAddr.join(':'))?.socket;
    return stream?.writableLength ?? transport?.socket?.getSendQueueSize?.() ?? 0;
  }

  /** The selected pair, by identity; null while there is none. */
  get selectedPair(): object | null {
    return this.#ice.nominated ?? null;
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
   * Ends a handshake that is still under way: werift goes on with sending its flight for half a minute after the
   * connection is closed.
   */
  endHandshake(): void {
    const socket = this.#dtls.dtls as unknown as PrivateDtls | undefined;
    if (socket && this.#dtls.state !== 'connected') socket.dtls.flight = LAST_FLIGHT;
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
  for (const { connection } of peer.iceTransports) delete connection.stunServer;
}
