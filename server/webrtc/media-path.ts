import type * as Werift from 'werift';
import type { AccessUnit } from '../protocol/access-unit.js';
import type { NegotiatedVideo } from './answer.js';
import { KeyframeGate } from './keyframe-gate.js';
import type { MediaFeedback, MediaStats } from './media-sender.js';
import { NativeMediaSender } from './native-media-sender.js';
import { PictureSender } from './picture-sender.js';
import type { ReceptionReport } from './reception.js';
import { RepairBudget } from './repair-budget.js';
import { RtcpRouter } from './rtcp-router.js';
import { RtpStream } from './rtp-stream.js';
import { ntpTimestamp } from './sender-reports.js';
import type { TransportInternals } from './werift-internals.js';
import { MediaInternals } from './werift-media-internals.js';
import { WeriftMediaSender } from './werift-media-sender.js';

/** What a media path is made of. */
export interface MediaPathOptions {
  readonly werift: typeof Werift;
  readonly rtpSender: Werift.RTCRtpSender;
  readonly video: NegotiatedVideo;
  /** Null when werift's private parts are not what they should be: the backlog is then not bounded. */
  readonly internals: TransportInternals | null;
  /** False: werift's own path is taken even where the native one could be. */
  readonly native: boolean;
  readonly needKeyframe: () => void;
  readonly received: (report: ReceptionReport) => void;
  /** There and back on the selected pair, ms; null while unknown. */
  readonly roundTripMs: () => number | null;
  /** The native sender could not be made; werift's path is taken from here on. */
  readonly nativeFailed: (error: unknown) => void;
}

/** Pictures out, RTCP back: the sender, what the receiver asks of it, and the sender reports. */
export class MediaPath {
  readonly #werift: typeof Werift;
  readonly #dtls: Werift.RTCDtlsTransport;
  readonly #sender: PictureSender;
  readonly #requests = { pictureLossIndications: 0, fullIntraRequests: 0 };
  readonly #router: RtcpRouter;
  readonly #keyframes: KeyframeGate;
  readonly #repairs = new RepairBudget();
  readonly #roundTripMs: () => number | null;

  constructor(options: MediaPathOptions) {
    const { werift, rtpSender, needKeyframe } = options;
    const dtls = rtpSender.dtlsTransport;
    const keyframes = new KeyframeGate(needKeyframe);
    const sender = createPictureSender(options, () => keyframes.request());
    this.#werift = werift;
    this.#dtls = dtls;
    this.#sender = sender;
    this.#keyframes = keyframes;
    this.#roundTripMs = options.roundTripMs;
    this.#router = new RtcpRouter(werift, rtpSender.ssrc, {
      retransmit: (sequenceNumbers) => this.#repair(sequenceNumbers),
      pictureLost: () => {
        this.#requests.pictureLossIndications++;
        keyframes.request();
      },
      fullIntraRequested: () => {
        this.#requests.fullIntraRequests++;
        keyframes.request();
      },
      received: options.received,
    });
    dtls.onRtcp.subscribe((packet) => this.#router.route(packet));
  }

  get feedback(): Readonly<MediaFeedback> {
    return this.#router.feedback;
  }

  get stats(): Readonly<MediaStats> {
    return { ...this.#sender.stats, ...this.#requests };
  }

  /** Whether pictures go past werift; null before the first one. */
  get way(): PictureSender['way'] {
    return this.#sender.way;
  }

  /** See {@link PictureSender.pace}. */
  pace(bitrateBps: number | null): void {
    this.#sender.pace(bitrateBps);
  }

  get pacedMs(): number {
    return this.#sender.pacedMs;
  }

  sendAccessUnit(unit: AccessUnit): void {
    if (this.#sender.sendAccessUnit(unit) && unit.keyframe) this.#keyframes.keyframeSent();
  }

  /** Sender reports give receivers the clock and make them send receiver reports, from which the round trip follows. */
  async sendReport(): Promise<void> {
    const { RtcpSenderInfo, RtcpSrPacket } = this.#werift;
    const { stats, ssrc, lastTimestamp } = this.#sender;
    if (stats.packets === 0 || this.#dtls.state !== 'connected') return;
    await this.#dtls.sendRtcp([
      new RtcpSrPacket({
        ssrc,
        senderInfo: new RtcpSenderInfo({
          ntpTimestamp: ntpTimestamp(Date.now()),
          rtpTimestamp: lastTimestamp,
          packetCount: stats.packets % 2 ** 32,
          octetCount: stats.bytes % 2 ** 32,
        }),
      }),
    ]);
  }

  close(): void {
    this.#sender.close();
  }

  #repair(sequenceNumbers: readonly number[]): void {
    const { admitted, exceeded } = this.#repairs.admit(sequenceNumbers, {
      nowMs: performance.now(),
      sentPackets: this.#sender.stats.packets,
      roundTripMs: this.#roundTripMs(),
    });
    if (admitted.length > 0) this.#sender.retransmit(admitted);
    if (exceeded) this.#keyframes.request();
  }
}

function createPictureSender(
  { werift, rtpSender, video, internals, native, nativeFailed }: MediaPathOptions,
  needKeyframe: () => void,
): PictureSender {
  const dtls = rtpSender.dtlsTransport;
  const media = internals && native ? new MediaInternals(dtls) : null;
  const outlet = {
    // Never rejects: werift swallows what fails, the socket's errors are counted below it.
    sendRtp: (payload: Buffer, header: Werift.RtpHeader) => void dtls.sendRtp(payload, header),
    queuedBytes: () => internals?.queuedBytes() ?? 0,
    sendErrors: () => internals?.sendErrors ?? 0,
  };
  const { payloadType, rtxPayloadType } = video;
  return new PictureSender({
    streams: {
      media: new RtpStream(rtpSender.ssrc, payloadType).state,
      rtx: rtxPayloadType === null ? null : new RtpStream(rtpSender.rtxSsrc, rtxPayloadType).state,
    },
    route: () => (media ? media.route() : 'indirect'),
    keys: () => media?.keys() ?? null,
    createDirect: media && ((streams, keys) => new NativeMediaSender(video, streams, keys)),
    createIndirect: (streams) => {
      media?.adopt(streams.media);
      if (streams.rtx) media?.adopt(streams.rtx);
      return new WeriftMediaSender({ werift, video, streams, outlet });
    },
    directFailed: nativeFailed,
    needKeyframe,
  });
}
