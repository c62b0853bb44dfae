import { rtpTimestamp, VIDEO_CLOCK_HZ } from '../../../server/protocol/access-unit.js';
import type { StateMessage } from '../../../server/protocol/control-messages.js';
import { LIMITS } from '../../../server/protocol/limits.js';
import type { PictureCounts, ShownPicture } from '../video/picture.js';
import type { ApplianceClock } from './appliance-clock.js';
import type { Metrics } from './console-state.js';

/** Latency values kept for the sparkline. */
const HISTORY = 28;

/** Signed distance of two RTP timestamps in milliseconds, whatever their wrap (RFC 3550 section 5.1). */
export function rtpDistanceMs(later: number, earlier: number): number {
  return (((later - earlier) | 0) * 1000) / VIDEO_CLOCK_HZ;
}

/** Watches what is drawn: latency, frame rate, bitrate, and whether the picture lags what the appliance has. */
export class PictureMonitor {
  #clock: ApplianceClock;
  #last: ShownPicture | null = null;
  #latencies: number[] = [];
  #history: number[] = [];
  #startMs = 0;
  #counted: { atMs: number; counts: PictureCounts } | null = null;

  constructor(clock: ApplianceClock) {
    this.#clock = clock;
  }

  /** A new connection: the totals start over. */
  reset(nowMs: number): void {
    this.#last = null;
    this.#latencies = [];
    this.#history = [];
    this.#startMs = nowMs;
    this.#counted = null;
  }

  /** Pictures come over another carrier now, whose clock this is: its counts are no continuation. */
  follow(clock: ApplianceClock): void {
    if (clock === this.#clock) return;
    this.#clock = clock;
    this.#counted = null;
  }

  shown(picture: ShownPicture): void {
    this.#last = picture;
    const atUs = this.#clock.applianceUs(picture.atMs);
    if (atUs === null) return;
    const latencyMs = rtpDistanceMs(rtpTimestamp(atUs), picture.rtpTimestamp);
    // Clock error can make a very fast path look negative; a whole wrap away it is another stream's stamp.
    if (latencyMs > -50 && latencyMs < 60_000) this.#latencies.push(Math.max(0, latencyMs));
  }

  /** Seconds by which the shown picture lags the appliance's last one, or null when it does not. */
  ageSeconds(state: StateMessage | null, nowMs: number): number | null {
    const last = state?.video.lastPicture;
    const nowUs = this.#clock.applianceUs(nowMs);
    if (!last || !this.#last || nowUs === null) return null;
    const lagMs = rtpDistanceMs(rtpTimestamp(last.timestampUs), this.#last.rtpTimestamp);
    if (lagMs <= LIMITS.oldPictureMs) return null;
    return rtpDistanceMs(rtpTimestamp(nowUs), this.#last.rtpTimestamp) / 1000;
  }

  /** Figures since the last call; called once a second. */
  measure(counts: PictureCounts | null, nowMs: number): Metrics {
    const seconds = (nowMs - this.#startMs) / 1000;
    const last = this.#counted;
    // A new connection's surface counts from 0 again: no difference to the old one makes sense.
    const before = last && counts && counts.bytes < last.counts.bytes ? null : last;
    if (counts) this.#counted = { atMs: nowMs, counts };
    const elapsed = before ? (nowMs - before.atMs) / 1000 : 0;
    const perSecond = (key: 'frames' | 'bytes'): number | null =>
      before && counts && elapsed > 0 ? (counts[key] - before.counts[key]) / elapsed : null;
    const bytesPerSecond = perSecond('bytes');
    return {
      latencyMs: this.#takeLatency(),
      latencyHistory: this.#history,
      roundTripMs: this.#clock.roundTripMs,
      framesPerSecond: perSecond('frames'),
      bitrateBps: bytesPerSecond === null ? null : bytesPerSecond * 8,
      framesTotal: counts?.frames ?? 0,
      bytesTotal: counts?.bytes ?? 0,
      lostPercent: counts?.lostPercent ?? null,
      seconds,
    };
  }

  /** Median since the last call; a still target leaves the last known value. */
  #takeLatency(): number | null {
    const sorted = this.#latencies.sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    this.#latencies = [];
    if (median !== undefined) this.#history = [...this.#history, median].slice(-HISTORY);
    return this.#history.at(-1) ?? null;
  }
}
