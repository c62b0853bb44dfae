const PERIOD_MS = 500;
/** After this long without a key the cursor stays lit, so that a still screen is truly still. */
const REST_MS = 10_000;

/** A text cursor that blinks by the clock, not by timers: nothing runs when nobody watches. */
export class Blink {
  #sinceMs = 0;

  /** Shows the cursor from now on for one period, as after a key. */
  restart(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  shown(nowMs: number): boolean {
    const elapsedMs = nowMs - this.#sinceMs;
    return elapsedMs >= REST_MS || Math.floor(elapsedMs / PERIOD_MS) % 2 === 0;
  }

  /** When shown() may change next after `nowMs`. */
  nextMs(nowMs: number): number {
    const elapsedMs = nowMs - this.#sinceMs;
    if (elapsedMs >= REST_MS) return Number.POSITIVE_INFINITY;
    return this.#sinceMs + (Math.floor(elapsedMs / PERIOD_MS) + 1) * PERIOD_MS;
  }
}
