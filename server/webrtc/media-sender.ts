import type { AccessUnit } from '../protocol/access-unit.js';

/** What the receiver reports about the stream; for congestion control. Zero or null until the first report. */
export interface MediaFeedback {
  /** Share of packets lost since the report before, 0 to 1 (RFC 3550 section 6.4.1). */
  lossFraction: number;
  /** Interarrival jitter in milliseconds. */
  jitterMs: number;
  /** Round trip between sender report and receiver report, null when not yet measured. */
  roundTripMs: number | null;
  /** What the receiver believes the path carries (REMB), bits per second. */
  estimatedBitrateBps: number | null;
  /** When the last receiver report came, milliseconds of performance.now(); null before the first. */
  reportedAtMs: number | null;
}

/** Counters since the start of the sender. */
export interface MediaSenderStats {
  accessUnits: number;
  packets: number;
  /** RTP payload bytes without retransmissions. */
  bytes: number;
  retransmissions: number;
  /** NACKed packets that were no longer in the history. */
  historyMisses: number;
  pictureLossIndications: number;
  fullIntraRequests: number;
  /** Access units dropped because no keyframe had been sent, or for backlog. */
  droppedAccessUnits: number;
  /** Datagrams that the kernel refused. */
  sendErrors: number;
}

/**
 * The RTP numbers of one stream at one moment. Exactly one sender owns them for the life of a DTLS association: two
 * packets under one index would break AES-GCM (RFC 7714 section 8.2). Whoever takes over starts from these.
 */
export interface RtpStreamState {
  readonly ssrc: number;
  readonly payloadType: number;
  /** The next sequence number to be used. */
  readonly sequenceNumber: number;
  /** How often the sequence number has wrapped (RFC 3711 section 3.3.1). */
  readonly rolloverCounter: number;
}

/** Media and its retransmissions (RFC 4588), null when RTX was not negotiated. */
export interface MediaStreamState {
  readonly media: RtpStreamState;
  readonly rtx: RtpStreamState | null;
}

/** Turns access units into protected RTP packets on the wire, and repairs what gets lost. */
export interface MediaSender {
  readonly stats: Readonly<MediaSenderStats>;
  /** Sends one picture, never blocking and never throwing. Drops until the first keyframe. */
  sendAccessUnit(unit: AccessUnit): void;
  /** Sends these packets again. What is gone asks for a keyframe. */
  retransmit(sequenceNumbers: readonly number[]): void;
  /** Stops sending for good and returns the numbers for a successor. Idempotent. */
  close(): MediaStreamState;
}
