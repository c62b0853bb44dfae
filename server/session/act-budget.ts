/** Acts in a row, and per second after that: more than anybody clicks. */
const BURST = 20;
const PER_SECOND = 5;

/** A token bucket for what one viewer does. */
export class ActBudget {
  readonly #nowMs: () => number;
  #left = BURST;
  #filledMs: number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#filledMs = nowMs();
  }

  /** False when there is nothing left for this act. */
  spend(): boolean {
    const now = this.#nowMs();
    this.#left = Math.min(BURST, this.#left + ((now - this.#filledMs) / 1000) * PER_SECOND);
    this.#filledMs = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
