import type * as Werift from 'werift';
import type { AccessUnit } from '../protocol/access-unit.js';
import type { NegotiatedVideo } from './answer.js';
import { KeyframeGate } from './keyframe-gate.js';
import type { MediaFeedback, MediaSenderStats } from './media-sender.js';
import { RtcpRouter } from './rtcp-router.js';
import type { ReceptionReport } from './reception.js';
import { ntpTimestamp } from './sender-reports.js';
import type { TransportInternals } from './werift-internals.js';
import { WeriftMediaSender } from './werift-media-sender.js';

/** What a media path is made of. */
export interface MediaPathOptions {
  readonly werift: typeof Werift;
  readonly rtpSender: Werift.RTCRtpSender;
  readonly video: NegotiatedVideo;
  /** Null when werift's private parts are not what they should be: the backlog is then not bounded. */
  readonly internals: TransportInternals | null;
  readonly needKeyframe: () => void;
  readonly received: (report: ReceptionReport) => void;
}

/** Pictures out, RTCP back: the sender, what the receiver asks of it, and the sender reports. */
export class MediaPath {
  readonly #werift: typeof Werift;
  readonly #dtls: Werift.RTCDtlsTransport;
  readonly #sender: WeriftMediaSender;
  readonly #router: RtcpRouter;
  readonly #keyframes: KeyframeGate;

  constructor({
    werift,
    rtpSender,
    video,
    internals,
    needKeyframe,
    received,
  }: MediaPathOptions) {
    const dtls = rtpSender.dtlsTransport;
    const keyframes = new KeyframeGate(needKeyframe);
    const sender = new WeriftMediaSender({
      werift,
      video,
      ssrc: rtpSender.ssrc,
      rtxSsrc: rtpSender.rtxSsrc,
      outlet: {
        // Never rejects: werift swallows what fails, the socket's errors are counted below it.
        sendRtp: (payload, header) => void dtls.sendRtp(payload, header),
        queuedBytes: () => internals?.queuedBytes() ?? 0,
        sendErrors: () => internals?.sendErrors ?? 0,
      },
      needKeyframe: () => keyframes.request(),
    });
    this.#werift = werift;
    this.#dtls = dtls;
    this.#sender = sender;
    this.#keyframes = keyframes;
    this.#router = new RtcpRouter(werift, rtpSender.ssrc, {
      retransmit: (sequenceNumbers) => sender.retransmit(sequenceNumbers),
      pictureLost: () => {
        sender.stats.pictureLossIndications++;
        keyframes.request();
      },
      fullIntraRequested: () => {
        sender.stats.fullIntraRequests++;
        keyframes.request();
      },
      received,
    });
    dtls.onRtcp.subscribe((packet) => this.#router.route(packet));
  }

  get feedback(): Readonly<MediaFeedback> {
    return this.#router.feedback;
  }

  get stats(): Readonly<MediaSenderStats> {
    return this.#sender.stats;
  }

  sendAccessUnit(unit: AccessUnit): void {
    const sent = this.#sender.stats.accessUnits;
    this.#sender.sendAccessUnit(unit);
    if (unit.keyframe && this.#sender.stats.accessUnits > sent) this.#keyframes.keyframeSent();
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
}
