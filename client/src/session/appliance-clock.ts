/** Samples older than this no longer count: clocks drift, paths change. */
const WINDOW_MS = 30_000;

/**
 * The appliance's clock as the page knows it, from echo round trips (the shortest one of the last 30 s is the
 * best, its error at most half of it). All times in milliseconds of performance.now() unless named otherwise.
 */
export class ApplianceClock {
  #samples: Array<{ atMs: number; roundTripMs: number; offsetUs: number }> = [];

  /** One round trip: sent and received on the page's clock, the appliance's time in between. */
  add(sentMs: number, receivedMs: number, applianceUs: number): void {
    const roundTripMs = receivedMs - sentMs;
    const offsetUs = applianceUs - ((sentMs + receivedMs) / 2) * 1000;
    this.#samples = this.#samples.filter((sample) => sample.atMs > receivedMs - WINDOW_MS);
    this.#samples.push({ atMs: receivedMs, roundTripMs, offsetUs });
  }

  /** The last measured round trip, or null. */
  get roundTripMs(): number | null {
    return this.#samples.at(-1)?.roundTripMs ?? null;
  }

  /** Appliance time in microseconds at a time of the page, or null before the first round trip. */
  applianceUs(pageMs: number): number | null {
    let best = this.#samples[0];
    for (const sample of this.#samples) {
      if (best && sample.roundTripMs < best.roundTripMs) best = sample;
    }
    return best ? pageMs * 1000 + best.offsetUs : null;
  }

  reset(): void {
    this.#samples = [];
  }
}
