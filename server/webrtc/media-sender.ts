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

/** Counters of one sender since its start; they may lag behind the calls by what is under way. */
export interface MediaSenderStats {
  packets: number;
  /** RTP payload bytes without retransmissions. */
  bytes: number;
  retransmissions: number;
  /** Datagrams that the kernel refused. */
  sendErrors: number;
}

/** Counters of all that one viewer was sent. */
export interface MediaStats extends MediaSenderStats {
  accessUnits: number;
  /** NACKed packets that were no longer in the history. */
  historyMisses: number;
  pictureLossIndications: number;
  fullIntraRequests: number;
  /** Access units dropped because no keyframe had been sent, or for backlog. */
  droppedAccessUnits: number;
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

/** Turns pictures into protected RTP packets on the wire, and repairs what gets lost. */
export interface MediaSender {
  readonly stats: Readonly<MediaSenderStats>;
  /**
   * Sends one access unit in Annex B, never blocking and never throwing. False: the socket does not drain, and the
   * picture is not sent.
   */
  send(unit: Uint8Array, timestamp: number): boolean;
  /** Sends these packets again; returns how many of them are gone. */
  retransmit(sequenceNumbers: readonly number[]): number;
  /**
   * Stops sending for good and returns the numbers for a successor, and whether all that was sent has left or will.
   * Idempotent.
   */
  close(): MediaStreamState & { readonly complete: boolean };
}

/** Payload of one packet: leaves room for headers, SRTP tag, TURN and tunnels within 1500 bytes. */
export const MAX_PAYLOAD_BYTES = 1200;
/** About 30 Mbit/s for half a second at 1200 bytes a packet; at least 2048 are needed to cover a keyframe and RTTs. */
export const HISTORY_PACKETS = 2048;
/** A socket that does not drain: beyond this the viewer gets nothing but the next keyframe. */
export const MAX_QUEUED_BYTES = 512 * 1024;
