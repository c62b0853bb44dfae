import type * as Werift from 'werift';
import { KvmError } from '../errors.js';
import type { AccessUnit } from '../protocol/access-unit.js';
import type { ServerMessage } from '../protocol/control-messages.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import { LIMITS } from '../protocol/limits.js';
import type { CarrierOwner, Lane, WebRtcCarrier } from '../session/carrier.js';
import type { PathReport } from '../session/path-report.js';
import { readNegotiatedVideo } from './answer.js';
import { DataLanes } from './data-lanes.js';
import { Liveness } from './liveness.js';
import { MediaPath } from './media-path.js';
import type { MediaFeedback, MediaStats } from './media-sender.js';
import { Negotiation } from './negotiation.js';
import type { ExaminedOffer } from './offer.js';
import { PathMonitor } from './path-monitor.js';
import type { PeerOptions } from './peer-options.js';
import type { TransportInternals } from './werift-internals.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Liveness and sender reports. */
const TICK_MS = 500;

/** For the message that tells the viewer why. */
const LINGER_MS = 100;

/** What a peer is made with. */
export interface PeerContext {
  readonly werift: typeof Werift;
  readonly options: PeerOptions;
  readonly owner: CarrierOwner;
  /** False when werift's private parts differ from what werift-internals.ts expects. */
  readonly usePrivateParts: boolean;
  /** Called once, when the peer and its sockets are closed. */
  readonly released: (peer: Peer) => void;
}

/** One viewer over WebRTC: answers its offer, sends it pictures, carries its messages, notices when it is gone. */
export class Peer implements WebRtcCarrier {
  readonly kind = 'webrtc';
  readonly interactive: boolean;
  readonly #context: PeerContext;
  readonly #offer: ExaminedOffer;
  readonly #negotiation: Negotiation;
  readonly #lanes: DataLanes;
  readonly #liveness: Liveness;
  #answer: Awaited<ReturnType<Negotiation['answer']>> | null = null;
  #internals: TransportInternals | null = null;
  #media: MediaPath | null = null;
  #path: PathMonitor | null = null;
  #connectTimer: NodeJS.Timeout | undefined;
  #tickTimer: NodeJS.Timeout | undefined;
  #state: 'new' | 'open' | 'closed' = 'new';

  constructor(offer: ExaminedOffer, context: PeerContext) {
    const { options, owner, werift, usePrivateParts } = context;
    this.#offer = offer;
    this.#context = context;
    this.interactive = offer.interactive;
    this.#negotiation = new Negotiation(werift, options, offer, usePrivateParts);
    const silenceMs = options.silenceTimeoutMs ?? LIMITS.carrierTimeoutMs;
    this.#liveness = new Liveness(Math.ceil(silenceMs / TICK_MS));
    this.#lanes = new DataLanes({
      lanesReady: () => this.#openWhenReady(),
      laneMessage: (message) => owner.carrierMessage(this, message),
      laneBinary: (bytes, lane) => owner.carrierBinary(this, bytes, lane),
      lanesFailed: (reason) => this.close(reason),
    });
  }

  get answerSdp(): string {
    return this.#answer?.sdp ?? '';
  }

  get etag(): string {
    return this.#negotiation.etag;
  }

  /** What the receiver reports, for congestion control; null before the media path stands. */
  get feedback(): Readonly<MediaFeedback> | null {
    return this.#media?.feedback ?? null;
  }

  get path(): PathReport | null {
    return this.#path?.report ?? null;
  }

  /** Counters of the sender; null before the media path stands. */
  get mediaStats(): Readonly<MediaStats> | null {
    return this.#media?.stats ?? null;
  }

  /** Whether pictures go past werift; null before the first one. */
  get mediaWay(): MediaPath['way'] {
    return this.#media?.way ?? null;
  }

  /** Answers the offer. On failure the peer is closed, its owner hears nothing and a KvmError is thrown. */
  async negotiate(): Promise<void> {
    try {
      await this.#negotiate();
    } catch (error) {
      this.#state = 'closed';
      await this.#release();
      if (error instanceof KvmError) throw error;
      this.#context.options.logger.debug({ err: error }, 'werift did not take an offer');
      throw new KvmError('bad-sdp', undefined, { cause: error });
    }
  }

  async #negotiate(): Promise<void> {
    const { werift, options } = this.#context;
    const { connection } = this.#negotiation;
    connection.onDataChannel.subscribe((channel) => this.#lanes.accept(channel));
    connection.connectionStateChange.subscribe((state) => {
      if (state === 'failed' || state === 'closed') this.#lost();
    });
    const answer = await this.#negotiation.answer();
    this.#answer = answer;
    this.#internals = answer.internals;
    if (connection.sctpTransport) {
      const broken = () => this.close('protocol-error');
      answer.internals?.guardDataChannels(connection.sctpTransport, broken);
    }
    const media = new MediaPath({
      werift,
      rtpSender: answer.rtpSender,
      video: readNegotiatedVideo(answer.sdp, this.#offer.videoMid),
      internals: answer.internals,
      native: options.mediaSender !== 'werift',
      nativeFailed: (error) => {
        options.logger.warn({ err: error }, 'pictures are sent without the native sender');
      },
      needKeyframe: () => {
        if (this.#state === 'open') this.#context.owner.carrierNeedsKeyframe(this);
      },
      received: (report) => this.#path?.received(report),
      roundTripMs: () => this.#path?.report.roundTripMs ?? null,
    });
    this.#media = media;
    this.#path = new PathMonitor({
      pair: () => answer.internals?.selectedPair ?? null,
      probe: async () => (await answer.internals?.probe()) ?? false,
      sent: () => media.stats,
      pacedMs: () => media.pacedMs,
      feedback: () => media.feedback,
    });
    answer.rtpSender.dtlsTransport.onStateChange.subscribe((state) => {
      if (state === 'connected') this.#openWhenReady();
      if (state === 'closed' || state === 'failed') this.#lost();
    });
    const timeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    this.#connectTimer = setTimeout(() => this.close('connect-failed'), timeoutMs);
  }

  #openWhenReady(): void {
    if (this.#state !== 'new') return;
    if (this.#answer?.rtpSender.dtlsTransport.state !== 'connected') return;
    if (this.interactive && !this.#lanes.ready) return;
    this.#state = 'open';
    clearTimeout(this.#connectTimer);
    this.#tickTimer = setInterval(() => this.#tick(), TICK_MS);
    if (this.#internals) this.#path?.start();
    this.#context.owner.carrierOpened(this);
  }

  #tick(): void {
    void this.#media?.sendReport();
    if (!this.#internals) return;
    const verdict = this.#liveness.tick(this.#internals.receivedCount());
    if (verdict === 'dead') this.close('heartbeat-missed');
    if (verdict === 'probe') {
      void this.#internals.probe().then((answered) => answered && this.#liveness.heard());
    }
  }

  sendMessage(message: ServerMessage): void {
    this.#lanes.sendMessage(message);
  }

  sendBinary(bytes: Uint8Array, lane: Lane): void {
    this.#lanes.sendBinary(bytes, lane);
  }

  sendAccessUnit(unit: AccessUnit): void {
    if (this.#state === 'open') this.#media?.sendAccessUnit(unit);
  }

  pace(bitrateBps: number | null): void {
    this.#media?.pace(bitrateBps);
  }

  async addRemoteCandidates(fragment: string): Promise<void> {
    if (this.#state === 'closed') throw new KvmError('no-session');
    await this.#negotiation.addRemoteCandidates(fragment);
  }

  async restartIce(fragment: string): Promise<string> {
    if (this.#state === 'closed' || !this.#answer) throw new KvmError('no-session');
    return await this.#negotiation.restartIce(fragment, this.#answer.rtpSender);
  }

  onLocalCandidate(listener: (candidate: string) => void): () => void {
    return this.#negotiation.onLocalCandidate(listener);
  }

  /** The viewer ended the association, or ICE consent ran out. */
  #lost(): void {
    this.close(this.#state === 'open' ? 'session-ended' : 'connect-failed');
  }

  close(reason: ErrorCode): void {
    if (this.#state === 'closed') return;
    const told = this.#lanes.ready;
    this.#lanes.sendMessage({ type: 'end', error: reason });
    this.#lanes.close();
    this.#state = 'closed';
    clearTimeout(this.#connectTimer);
    clearInterval(this.#tickTimer);
    this.#path?.close();
    this.#media?.close();
    // The owner may be in the middle of something: it hears of it when that is done.
    queueMicrotask(() => this.#context.owner.carrierClosed(this, reason));
    // The end of the association would overtake the last message at the viewer.
    setTimeout(() => void this.#release(), told ? LINGER_MS : 0);
  }

  async #release(): Promise<void> {
    try {
      this.#internals?.endHandshake();
      await this.#internals?.sendCloseNotify();
      await this.#negotiation.connection.close();
    } catch (error) {
      this.#context.options.logger.warn({ err: error }, 'closing a WebRTC connection failed');
    }
    this.#context.released(this);
  }
}
