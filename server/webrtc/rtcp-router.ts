import type * as Werift from 'werift';
import type { MediaFeedback } from './media-sender.js';
import type { ReceptionReport } from './reception.js';
import { ntpTimestamp, roundTripMs } from './sender-reports.js';

/** What RTCP of the receiver asks for. */
export interface RtcpActions {
  retransmit(sequenceNumbers: readonly number[]): void;
  pictureLost(): void;
  fullIntraRequested(): void;
  /** The receiver says what it has got so far. */
  received(report: ReceptionReport): void;
}

/**
 * Reads what a receiver says about one stream. werift's own router loses FIR (its media SSRC is 0, RFC 5104 section
 * 4.3.1.2) and its sender repairs from 128 packets only, so packets are taken from the DTLS transport instead.
 */
export class RtcpRouter {
  readonly feedback: MediaFeedback = {
    lossFraction: 0,
    jitterMs: 0,
    roundTripMs: null,
    estimatedBitrateBps: null,
    reportedAtMs: null,
  };
  readonly #werift: typeof Werift;
  readonly #ssrc: number;
  readonly #actions: RtcpActions;
  #lastFullIntraNumber: number | null = null;

  constructor(werift: typeof Werift, ssrc: number, actions: RtcpActions) {
    this.#werift = werift;
    this.#ssrc = ssrc;
    this.#actions = actions;
  }

  route(packet: Werift.RtcpPacket): void {
    const { RtcpRrPacket, RtcpSrPacket, RtcpTransportLayerFeedback } = this.#werift;
    if (packet instanceof RtcpRrPacket || packet instanceof RtcpSrPacket) {
      for (const report of packet.reports) if (report.ssrc === this.#ssrc) this.#record(report);
    } else if (packet instanceof RtcpTransportLayerFeedback) {
      this.#transportFeedback(packet.feedback);
    } else if (packet instanceof this.#werift.RtcpPayloadSpecificFeedback) {
      this.#payloadFeedback(packet.feedback);
    }
  }

  #record(report: Werift.RtcpReceiverInfo): void {
    this.feedback.lossFraction = report.fractionLost / 256;
    this.feedback.jitterMs = report.jitter / 90;
    this.feedback.reportedAtMs = performance.now();
    const roundTrip = roundTripMs(report, ntpTimestamp(Date.now()));
    if (roundTrip !== null) this.feedback.roundTripMs = roundTrip;
    this.#actions.received(report);
  }

  /** Feedback of a kind that werift does not know is undefined, whatever its types say. */
  #transportFeedback(feedback: Werift.RtcpTransportLayerFeedback['feedback'] | undefined): void {
    if (!(feedback instanceof this.#werift.GenericNack)) return;
    if (feedback.mediaSourceSsrc !== this.#ssrc) return;
    this.#actions.retransmit(feedback.lost.map((sequenceNumber) => sequenceNumber & 0xffff));
  }

  #payloadFeedback(feedback: Werift.RtcpPayloadSpecificFeedback['feedback'] | undefined): void {
    if (feedback instanceof this.#werift.ReceiverEstimatedMaxBitrate) {
      if (feedback.uniqueID !== 'REMB') return;
      this.feedback.estimatedBitrateBps = Number(feedback.bitrate);
    } else if (feedback instanceof this.#werift.PictureLossIndication) {
      if (feedback.mediaSsrc === this.#ssrc) this.#actions.pictureLost();
    } else if (feedback) {
      this.#fullIntra(feedback.fir.find(({ ssrc }) => ssrc === this.#ssrc)?.sequenceNumber);
    }
  }

  /** A FIR is repeated with the same number until it is answered (RFC 5104 section 4.3.1.1). */
  #fullIntra(number: number | undefined): void {
    if (number === undefined || number === this.#lastFullIntraNumber) return;
    this.#lastFullIntraNumber = number;
    this.#actions.fullIntraRequested();
  }
}
