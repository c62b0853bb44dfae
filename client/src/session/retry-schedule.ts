/** Delays between attempts to reconnect, milliseconds; the last one repeats. */
const DELAYS_MS = [250, 500, 1000, 2000, 4000, 5000];

/** Counts attempts and says how long to wait before the next. */
export class RetrySchedule {
  #attempt = 0;

  next(): number {
    const delayMs = DELAYS_MS[Math.min(this.#attempt, DELAYS_MS.length - 1)] ?? 5000;
    this.#attempt += 1;
    return delayMs;
  }

  reset(): void {
    this.#attempt = 0;
  }
}
