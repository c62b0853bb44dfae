import { DeliveryRate } from '../path/delivery-rate.js';
import { RoundTrips } from '../path/round-trips.js';
import type { PathReport } from '../session/path-report.js';

/** Longer than any usual round trip. */
const LONG_WAIT_MS = 600;

/**
 * How far a viewer on a WebSocket is behind: the age of the oldest picture of which it has not acknowledged all bytes, less
 * the shortest time that an acknowledgement has taken lately on this connection. Kernel buffers hide what has been
 * sent from what has arrived, so only the viewer's word counts.
 */
export class Backlog {
  readonly #trips = new RoundTrips(0);
  readonly #rate = new DeliveryRate();
  #addedBytes = 0;
  #arrivedBytes = 0;
  #reportedAtMs: number | null = null;

  /** A picture of so many bytes is to be sent. */
  added(bytes: number, nowMs: number): void {
    // The first acknowledgement cannot come before an empty path has been there and back.
    if (this.empty) this.#rate.restart(this.#arrivedBytes, nowMs + (this.#trips.emptyPathMs ?? 0));
    this.#addedBytes += bytes;
    this.#trips.sent(this.#addedBytes, nowMs);
  }

  /** So many bytes have arrived since the start. More than was added, or less than before, changes nothing. */
  acknowledged(totalBytes: number, nowMs: number): void {
    if (totalBytes > this.#addedBytes || totalBytes < this.#arrivedBytes) return;
    this.#trips.answered(totalBytes, nowMs);
    this.#arrivedBytes = totalBytes;
    this.#rate.delivered(totalBytes, nowMs);
    this.#reportedAtMs = nowMs;
  }

  /** The count that a page acknowledged modulo 2^32, in whole. */
  wholeCount(modulo: number): number {
    const high = this.#addedBytes - (this.#addedBytes % 2 ** 32);
    return high + modulo > this.#addedBytes ? high + modulo - 2 ** 32 : high + modulo;
  }

  /** What arrives, bits per second; null when not known. */
  get bitrateBps(): number | null {
    return this.#rate.bitrateBps;
  }

  /** Milliseconds of backlog now; 0 when everything has arrived. */
  ms(nowMs: number): number {
    const { oldestMs } = this.#trips;
    if (oldestMs === null) return 0;
    return Math.max(0, nowMs - oldestMs - (this.#trips.emptyPathMs ?? 0));
  }

  get empty(): boolean {
    return this.#arrivedBytes === this.#addedBytes;
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
      outages: 0,
      reportedAtMs: this.#reportedAtMs,
    };
  }
}
