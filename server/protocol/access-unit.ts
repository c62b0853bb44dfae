/** One coded picture in Annex B (ITU-T H.264 Annex B). A keyframe carries SPS and PPS in front. Read-only once made. */
export interface AccessUnit {
  readonly data: Uint8Array;
  readonly keyframe: boolean;
  /** Capture time, CLOCK_MONOTONIC of the appliance, microseconds. */
  readonly timestampUs: number;
  /** Counts coded pictures of one pipeline run from 1, without gaps as the encoder makes them. */
  readonly number: number;
  /** Picture size in pixels. */
  readonly width: number;
  readonly height: number;
}

/** RTP clock of video (RFC 6184): 90 kHz. */
export const VIDEO_CLOCK_HZ = 90_000;

/** RTP timestamp of a capture time: 90 kHz ticks modulo 2^32. Both sides use it to name a picture. */
export function rtpTimestamp(timestampUs: number): number {
  return Math.round(timestampUs * 0.09) % 2 ** 32;
}
