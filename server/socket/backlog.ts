import { DeliveryRate } from '../path/delivery-rate.js';
import { RoundTrips } from '../path/round-trips.js';
import type { PathReport } from '../session/path-report.js';

/** Longer than any usual round trip. */
const LONG_WAIT_MS = 600;

/**
 * How far a viewer on a WebSocket is behind: the age of the oldest picture it has not acknowledged, less the
 * shortest time that an acknowledgement has taken lately on this connection. Kernel buffers hide what has been
 * sent from what has arrived, so only the viewer's word counts.
 */
export class Backlog {
  readonly #trips = new RoundTrips(0);
  readonly #rate = new DeliveryRate();
  #sizes: Array<{ number: number; bytes: number }> = [];
  #arrivedBytes = 0;
  #reportedAtMs: number | null = null;

  sent(number: number, bytes: number, nowMs: number): void {
    // The first acknowledgement cannot come before an empty path has been there and back.
    if (this.empty) this.#rate.restart(this.#arrivedBytes, nowMs + (this.#trips.emptyPathMs ?? 0));
    this.#trips.sent(number, nowMs);
    this.#sizes.push({ number, bytes });
  }

  /** All pictures up to `number` have arrived. Numbers that were never sent change nothing. */
  acknowledged(number: number, nowMs: number): void {
    this.#trips.answered(number, nowMs);
    while (this.#sizes[0] && this.#sizes[0].number <= number) {
      this.#arrivedBytes += this.#sizes.shift()?.bytes ?? 0;
    }
    this.#rate.delivered(this.#arrivedBytes, nowMs);
    this.#reportedAtMs = nowMs;
  }

  /** Milliseconds of backlog now; 0 when everything has arrived. */
  ms(nowMs: number): number {
    const { oldestMs } = this.#trips;
    if (oldestMs === null) return 0;
    return Math.max(0, nowMs - oldestMs - (this.#trips.emptyPathMs ?? 0));
  }

  get empty(): boolean {
    return this.#sizes.length === 0;
  }

  /** What the acknowledgements tell of the path; null before the first one. */
  report(nowMs: number): PathReport | null {
    // Before the first acknowledgement only a long wait tells that something queues.
    const waitMs = this.ms(nowMs);
    const unknown = this.#reportedAtMs === null;
    if (unknown && waitMs < LONG_WAIT_MS) return null;
    return {
      roundTripMs: this.#trips.lastMs,
      lossFraction: null,
      estimatedBitrateBps: this.#rate.bitrateBps,
      queueDelayMs: unknown ? waitMs : this.#trips.queueDelayMs(nowMs),
      reportedAtMs: this.#reportedAtMs,
    };
  }
}
