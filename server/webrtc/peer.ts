import { randomUUID } from 'node:crypto';
import type * as Werift from 'werift';
import { KvmError } from '../errors.js';
import type { AccessUnit } from '../protocol/access-unit.js';
import type { ServerMessage } from '../protocol/control-messages.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import { LIMITS } from '../protocol/limits.js';
import type { CarrierOwner, Lane, WebRtcCarrier } from '../session/carrier.js';
import { completeAnswer, readNegotiatedVideo } from './answer.js';
import { DataLanes } from './data-lanes.js';
import { KeyframeGate } from './keyframe-gate.js';
import { Liveness } from './liveness.js';
import type { MediaFeedback, MediaSenderStats } from './media-sender.js';
import type { ExaminedOffer } from './offer.js';
import { createPeerConnection } from './peer-connection.js';
import type { PeerOptions } from './peer-options.js';
import { RtcpRouter } from './rtcp-router.js';
import { ntpTimestamp } from './sender-reports.js';
import { removeDefaultStunServer, TransportInternals } from './werift-internals.js';
import { WeriftMediaSender } from './werift-media-sender.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Liveness and sender reports. */
const TICK_MS = 500;

/** What a peer is made with. */
export interface PeerContext {
  readonly werift: typeof Werift;
  readonly options: PeerOptions;
  readonly owner: CarrierOwner;
  /** False when werift's private parts differ from what werift-internals.ts expects. */
  readonly internals: boolean;
  /** Called once when the peer is closed and its sockets are too. */
  readonly released: (peer: Peer) => void;
}

/** One viewer over WebRTC: answers its offer, sends it pictures, carries its messages, notices when it is gone. */
export class Peer implements WebRtcCarrier {
  readonly kind = 'webrtc';
  readonly interactive: boolean;
  readonly #context: PeerContext;
  readonly #offer: ExaminedOffer;
  readonly #connection: Werift.RTCPeerConnection;
  readonly #lanes: DataLanes;
  readonly #liveness: Liveness;
  readonly #keyframes: KeyframeGate;
  #internals: TransportInternals | null = null;
  #dtls: Werift.RTCDtlsTransport | null = null;
  #sender: WeriftMediaSender | null = null;
  #router: RtcpRouter | null = null;
  #connectTimer: NodeJS.Timeout | undefined;
  #tickTimer: NodeJS.Timeout | undefined;
  #answerSdp = '';
  #etag = randomUUID();
  #state: 'new' | 'open' | 'closed' = 'new';

  constructor(offer: ExaminedOffer, context: PeerContext) {
    const { options, owner, werift } = context;
    this.#offer = offer;
    this.#context = context;
    this.interactive = offer.interactive;
    this.#connection = createPeerConnection(werift, options);
    this.#keyframes = new KeyframeGate(() => {
      if (this.#state === 'open') owner.carrierNeedsKeyframe(this);
    });
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
    return this.#answerSdp;
  }

  get etag(): string {
    return this.#etag;
  }

  /** What the receiver reports, null before the media path stands. */
  get feedback(): Readonly<MediaFeedback> | null {
    return this.#router?.feedback ?? null;
  }

  get mediaStats(): Readonly<MediaSenderStats> | null {
    return this.#sender?.stats ?? null;
  }

  /** Answers the offer with all host candidates. On failure the peer is closed and its owner hears nothing. */
  async negotiate(): Promise<void> {
    try {
      await this.#negotiate();
    } catch (error) {
      this.#state = 'closed';
      await this.#release();
      throw error instanceof KvmError
        ? error
        : new KvmError('bad-sdp', undefined, { cause: error });
    }
  }

  async #negotiate(): Promise<void> {
    const connection = this.#connection;
    const { werift, options } = this.#context;
    connection.onDataChannel.subscribe((channel) => this.#lanes.accept(channel));
    connection.connectionStateChange.subscribe((state) => {
      if (state === 'failed' || state === 'closed') this.#lost();
    });
    await connection.setRemoteDescription({ type: 'offer', sdp: this.#offer.toSdp() });
    const transceiver = connection.getTransceivers().find(({ kind }) => kind === 'video');
    if (!transceiver) throw new Error('werift made no video transceiver');
    transceiver.sender.registerTrack(new werift.MediaStreamTrack({ kind: 'video' }));
    transceiver.setDirection('sendonly');
    if (!options.iceServers?.length) removeDefaultStunServer(connection);
    await connection.setLocalDescription(await connection.createAnswer());
    const answer = connection.localDescription?.sdp;
    if (!answer) throw new Error('werift made no answer');
    this.#dtls = transceiver.sender.dtlsTransport;
    if (this.#context.internals) {
      this.#internals = new TransportInternals(this.#dtls.iceTransport.connection);
      this.#internals.watchSockets();
    }
    this.#answerSdp = completeAnswer(answer, this.#offer);
    this.#createSender(transceiver.sender, this.#dtls);
    this.#dtls.onStateChange.subscribe((state) => {
      if (state === 'connected') this.#openWhenReady();
      if (state === 'closed' || state === 'failed') this.#lost();
    });
    this.#connectTimer = setTimeout(
      () => this.close('connect-failed'),
      options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    );
  }

  #createSender(sender: Werift.RTCRtpSender, dtls: Werift.RTCDtlsTransport): void {
    const media = new WeriftMediaSender({
      werift: this.#context.werift,
      video: readNegotiatedVideo(this.#answerSdp, this.#offer.videoMid),
      ssrc: sender.ssrc,
      rtxSsrc: sender.rtxSsrc,
      outlet: {
        // werift counts and logs what fails below; the promise only says when.
        sendRtp: (payload, header) => void dtls.sendRtp(payload, header),
        queuedBytes: () => this.#internals?.queuedBytes() ?? 0,
        sendErrors: () => this.#internals?.sendErrors ?? 0,
      },
      needKeyframe: () => this.#keyframes.request(),
    });
    this.#sender = media;
    this.#router = new RtcpRouter(this.#context.werift, sender.ssrc, {
      retransmit: (sequenceNumbers) => media.retransmit(sequenceNumbers),
      pictureLost: () => {
        media.stats.pictureLossIndications++;
        this.#keyframes.request();
      },
      fullIntraRequested: () => {
        media.stats.fullIntraRequests++;
        this.#keyframes.request();
      },
    });
    dtls.onRtcp.subscribe((packet) => this.#router?.route(packet));
  }

  #openWhenReady(): void {
    if (this.#state !== 'new' || this.#dtls?.state !== 'connected') return;
    if (this.interactive && !this.#lanes.ready) return;
    this.#state = 'open';
    clearTimeout(this.#connectTimer);
    this.#tickTimer = setInterval(() => this.#tick(), TICK_MS);
    this.#context.owner.carrierOpened(this);
  }

  #tick(): void {
    void this.#sendReport();
    if (!this.#internals) return;
    const verdict = this.#liveness.tick(this.#internals.receivedCount());
    if (verdict === 'dead') this.close('heartbeat-missed');
    if (verdict === 'probe') {
      void this.#internals.probe().then((answered) => answered && this.#liveness.heard());
    }
  }

  /** Sender reports give receivers the clock and make them send receiver reports, from which the round trip follows. */
  async #sendReport(): Promise<void> {
    const { RtcpSrPacket, RtcpSenderInfo } = this.#context.werift;
    const sender = this.#sender;
    if (!sender || sender.stats.packets === 0 || this.#dtls?.state !== 'connected') return;
    await this.#dtls.sendRtcp([
      new RtcpSrPacket({
        ssrc: sender.ssrc,
        senderInfo: new RtcpSenderInfo({
          ntpTimestamp: ntpTimestamp(Date.now()),
          rtpTimestamp: sender.lastTimestamp,
          packetCount: sender.stats.packets % 2 ** 32,
          octetCount: sender.stats.bytes % 2 ** 32,
        }),
      }),
    ]);
  }

  sendMessage(message: ServerMessage): void {
    this.#lanes.sendMessage(message);
  }

  sendBinary(bytes: Uint8Array, lane: Lane): void {
    this.#lanes.sendBinary(bytes, lane);
  }

  sendAccessUnit(unit: AccessUnit): void {
    if (this.#state !== 'open') return;
    this.#sender?.sendAccessUnit(unit);
    if (unit.keyframe) this.#keyframes.keyframeSent();
  }

  async addRemoteCandidates(_fragment: string): Promise<void> {
    throw new KvmError('bad-candidate');
  }

  async restartIce(_fragment: string): Promise<string> {
    throw new KvmError('bad-candidate');
  }

  onLocalCandidate(_listener: (candidate: string) => void): () => void {
    return () => {};
  }

  #lost(): void {
    this.close(this.#state === 'open' ? 'session-ended' : 'connect-failed');
  }

  close(reason: ErrorCode): void {
    if (this.#state === 'closed') return;
    this.#lanes.sendMessage({ type: 'end', error: reason });
    this.#lanes.close();
    this.#state = 'closed';
    // The owner may be in the middle of something: it hears of it when that is done.
    queueMicrotask(() => this.#context.owner.carrierClosed(this, reason));
    // One turn of the event loop lets the last message leave before the association is aborted.
    setImmediate(() => void this.#release());
  }

  async #release(): Promise<void> {
    clearTimeout(this.#connectTimer);
    clearInterval(this.#tickTimer);
    this.#sender?.close();
    try {
      await this.#connection.close();
    } catch (error) {
      this.#context.options.logger.warn({ err: error }, 'closing a WebRTC connection failed');
    }
    this.#context.released(this);
  }
}
