/** The time over which a rate is taken: longer than the gap between two pictures, shorter than a change of the path. */
const WINDOW_MS = 400;
/** Two reports that are closer than this say nothing of a rate. */
const SMALLEST_SPAN_MS = 100;

/** How fast bytes arrive at the viewer, from what it says to have received in all. */
export class DeliveryRate {
  #points: Array<{ atMs: number; bytes: number }> = [];

  /** @param totalBytes since the start, never less than before */
  delivered(totalBytes: number, nowMs: number): void {
    this.#points.push({ atMs: nowMs, bytes: totalBytes });
    // The last point before the window stays: the window is measured from there.
    while ((this.#points[1]?.atMs ?? Infinity) <= nowMs - WINDOW_MS) this.#points.shift();
  }

  /** Nothing is under way: what came before says nothing of what comes after this moment. */
  restart(totalBytes: number, nowMs: number): void {
    this.#points = [{ atMs: nowMs, bytes: totalBytes }];
  }

  /** Bits per second over about the last 400 ms of reports; null while there are too few. */
  get bitrateBps(): number | null {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (!first || !last || last.atMs - first.atMs < SMALLEST_SPAN_MS) return null;
    return ((last.bytes - first.bytes) * 8000) / (last.atMs - first.atMs);
  }
}
