import { RoundTrips } from '../path/round-trips.js';

/** Even the slowest path has this under way: at 50 kbit/s it is 1.3 s, less than a missed heartbeat. */
const SMALLEST_BYTES = 8 * 1024;
const FIRST_BYTES = 16 * 1024;
const LARGEST_BYTES = 4 * 1024 * 1024;
/** A queue of this length keeps the path busy between two acknowledgements. */
const WANTED_QUEUE_MS = 60;
/** Beyond this the window shrinks to what the path carries. */
const LONG_QUEUE_MS = 120;

/**
 * How many bytes may be under way on a connection, so that messages which come later do not wait behind what the
 * kernel and the routers have swallowed. Grows like TCP's slow start until acknowledgements come late.
 */
export class SendWindow {
  readonly #trips = new RoundTrips(0);
  #sentBytes = 0;
  #acknowledgedBytes = 0;
  #limitBytes = FIRST_BYTES;
  /** The window has held something back since the last acknowledgement. */
  #full = false;

  get limitBytes(): number {
    return this.#limitBytes;
  }

  /** Whether so many more bytes may go out now. One message may always be under way. */
  admits(bytes: number): boolean {
    const underWay = this.#sentBytes - this.#acknowledgedBytes;
    const admitted = underWay === 0 || underWay + bytes <= this.#limitBytes;
    this.#full ||= !admitted;
    return admitted;
  }

  sent(bytes: number, nowMs: number): void {
    this.#sentBytes += bytes;
    this.#trips.sent(this.#sentBytes, nowMs);
  }

  /** @param totalBytes all that has arrived so far */
  acknowledged(totalBytes: number, bitrateBps: number | null, nowMs: number): void {
    const gained = totalBytes - this.#acknowledgedBytes;
    this.#acknowledgedBytes = totalBytes;
    this.#trips.answered(totalBytes, nowMs);
    const emptyMs = this.#trips.emptyPathMs ?? 0;
    const queueMs = (this.#trips.lastMs ?? 0) - emptyMs;
    if (queueMs > LONG_QUEUE_MS && bitrateBps !== null) {
      this.#set((bitrateBps * (emptyMs + WANTED_QUEUE_MS)) / 8000);
    } else if (queueMs < WANTED_QUEUE_MS && this.#full) {
      this.#set(this.#limitBytes + gained);
    }
    this.#full = false;
  }

  #set(bytes: number): void {
    this.#limitBytes = Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, Math.round(bytes)));
  }
}
