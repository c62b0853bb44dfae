import { createSocket, type Socket } from 'node:dgram';
import type * as Werift from 'werift';
import type { MediaRoute, SrtpKeys } from '../../native/index.js';
import type { RtpStreamState } from './media-sender.js';

/*
 * What the native sender takes from werift 0.25.2's private parts, and from Node's datagram sockets. The interfaces name them
 * as they are there; mediaSelfTest() checks the shapes once at start.
 */

interface SsrcState {
  ssrc: number;
  rolloverCounter: number;
  lastSequenceNumber: number;
  rolloverHasProcessed?: boolean;
}

interface PrivateSrtp {
  config: {
    profile: number;
    keys: { localMasterKey: Buffer; localMasterSalt: Buffer };
  };
  localContext: { srtpSSRCStates: Record<number, SsrcState> };
}

/** A relay on a TURN server, and the channels to viewers that stand there. */
interface PrivateTurn {
  transport: { type: string; socket?: Socket };
  /** By the viewer's address as JSON. `refreshAt` is in seconds of Date.now(), 0 until the server has agreed. */
  channelByAddr: Record<string, { number: number; refreshAt: number } | undefined>;
  channelRefreshTime: number;
  serverEndpoint?: readonly [string, number] | undefined;
}

/** What a pair goes through. */
interface AnyProtocol {
  type: string;
  transport?: { socket?: Socket };
  turn?: PrivateTurn;
}

/** RFC 8656 section 12: a channel lasts 600 s, of which a few are left for what is on its way. */
const CHANNEL_LIFETIME_S = 590;

/** Protection profiles by number (RFC 5764 section 4.1.2, RFC 7714 section 14.2). */
const PROFILES: Readonly<Record<number, SrtpKeys['profile']>> = {
  1: 'AES_CM_128_HMAC_SHA1_80',
  7: 'AEAD_AES_128_GCM',
};

/** Where pictures go: straight to a UDP address, by werift because another protocol is in between, or nowhere now. */
export type SelectedRoute = MediaRoute | 'indirect' | null;

/** Checks once, at start, that the private parts have the shape that this file expects; returns what differs. */
export function mediaSelfTest(werift: typeof Werift): string[] {
  const problems: string[] = [];
  const keys = {
    localMasterKey: Buffer.alloc(16, 1),
    localMasterSalt: Buffer.alloc(14, 2),
    remoteMasterKey: Buffer.alloc(16, 3),
    remoteMasterSalt: Buffer.alloc(14, 4),
  };
  const srtp = new werift.SrtpSession({ keys, profile: 1 });
  const { config, localContext } = srtp as unknown as Partial<PrivateSrtp>;
  if (!config?.keys.localMasterKey.equals(keys.localMasterKey) || config.profile !== 1) {
    problems.push('srtp.config');
  }
  srtp.encrypt(Buffer.from([1]), new werift.RtpHeader({ ssrc: 5, sequenceNumber: 9 }));
  if (localContext?.srtpSSRCStates[5]?.lastSequenceNumber !== 9) {
    problems.push('srtp.localContext.srtpSSRCStates');
  }
  const turn = new werift.TurnProtocol(['127.0.0.1', 1], '', '', 1, new NoTransport() as never);
  const { channelByAddr, channelRefreshTime } = turn as unknown as Partial<PrivateTurn>;
  if (typeof channelByAddr !== 'object' || typeof channelRefreshTime !== 'number') {
    problems.push('turn.channelByAddr');
  }
  if (!('serverEndpoint' in turn)) problems.push('turn.serverEndpoint');
  const socket = createSocket('udp4');
  if (handleOf(socket) === undefined) problems.push('dgram.Socket handle');
  socket.close();
  return problems;
}

function handleOf(socket: Socket): { fd?: number } | undefined {
  const symbol = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'state symbol',
  );
  const state =
    symbol && (socket as unknown as Record<symbol, { handle?: { fd?: number } }>)[symbol];
  return state?.handle;
}

function toRoute(socket: Socket, address: string, port: number, channel: number): SelectedRoute {
  const fd = handleOf(socket)?.fd;
  // A closed socket has none.
  return fd === undefined || fd < 0 ? null : { fd, address, port, channel };
}

/** For the self-test: a TURN client of werift needs one to be made. */
class NoTransport {
  readonly type = 'udp';
}

/** Keys, numbers and way of the pictures of one DTLS association. */
export class MediaInternals {
  readonly #dtls: Werift.RTCDtlsTransport;

  constructor(dtls: Werift.RTCDtlsTransport) {
    this.#dtls = dtls;
  }

  /** The sender's keys; null until the association stands. */
  keys(): SrtpKeys | null {
    const srtp = this.#dtls.srtp as unknown as PrivateSrtp | undefined;
    const profile = srtp && PROFILES[srtp.config.profile];
    if (!profile) return null;
    const { localMasterKey, localMasterSalt } = srtp.config.keys;
    return { profile, masterKey: localMasterKey, masterSalt: localMasterSalt };
  }

  /** The selected pair of addresses, as it is now. */
  route(): SelectedRoute {
    const pair = this.#dtls.iceTransport.connection.nominated;
    if (!pair) return null;
    const { type, transport, turn } = pair.protocol as AnyProtocol;
    if (type === 'turn' && turn) return this.#relayed(turn, pair.remoteAddr);
    if (type !== 'stun' || !transport?.socket) return 'indirect';
    const [address, port] = pair.remoteAddr;
    return toRoute(transport.socket, address, port, 0);
  }

  /**
   * Through the TURN server, where its socket is one of UDP and a channel to the viewer stands. werift binds it with the first
   * check and renews it: consent goes the same way every few seconds.
   */
  #relayed(turn: PrivateTurn, viewer: readonly [string, number]): SelectedRoute {
    const { transport, serverEndpoint } = turn;
    if (transport.type !== 'udp' || !transport.socket || !serverEndpoint) return 'indirect';
    const channel = turn.channelByAddr[JSON.stringify(viewer)];
    if (!channel || channel.refreshAt === 0) return 'indirect';
    const boundAtS = channel.refreshAt - turn.channelRefreshTime;
    if (Date.now() / 1000 > boundAtS + CHANNEL_LIFETIME_S) return 'indirect';
    const [address, port] = serverEndpoint;
    return toRoute(transport.socket, address, port, channel.number);
  }

  /**
   * werift's SRTP counts wraps by itself, from what it has protected: before it goes on with the numbers of another
   * sender it has to be told theirs.
   */
  adopt({ ssrc, sequenceNumber, rolloverCounter }: RtpStreamState): void {
    const { localContext } = this.#dtls.srtp as unknown as PrivateSrtp;
    // Nothing was ever sent: werift begins with any number.
    if (sequenceNumber === 0 && rolloverCounter === 0) {
      delete localContext.srtpSSRCStates[ssrc];
      return;
    }
    const wrapsNow = sequenceNumber === 0;
    localContext.srtpSSRCStates[ssrc] = {
      ssrc,
      rolloverCounter: wrapsNow ? rolloverCounter - 1 : rolloverCounter,
      lastSequenceNumber: (sequenceNumber - 1) & 0xffff,
      rolloverHasProcessed: true,
    };
  }
}
