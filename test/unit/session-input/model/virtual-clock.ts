import type { InputClock } from '../../../../client/src/input/input-clock.js';

interface Timer {
  atMs: number;
  callback: (() => void) | null;
}

/** Time that only moves when told to. Timers due at the same time run in the order in which they were set. */
export class VirtualClock implements InputClock {
  #nowMs = 0;
  /** Latest first, so that the next timer is the last one. */
  readonly #timers: Timer[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { atMs: this.#nowMs + delayMs, callback };
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timers[middle]?.atMs ?? 0) > timer.atMs) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
    return () => {
      timer.callback = null;
    };
  }

  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let next = this.#timers.at(-1); next && next.atMs <= endMs; next = this.#timers.at(-1)) {
      this.#timers.pop();
      this.#nowMs = next.atMs;
      next.callback?.();
    }
    this.#nowMs = endMs;
  }
}
