import type { DeskTimers } from '../../server/session/desk-timers.js';

/** A clock for control that moves only when told. */
export class DeskClock implements DeskTimers {
  #nowMs = 0;
  readonly #timers = new Map<() => void, number>();

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    // A callback of its own for each call: the same function may wait twice.
    const timer = () => callback();
    this.#timers.set(timer, this.#nowMs + delayMs);
    return () => this.#timers.delete(timer);
  }

  /** How many wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  advance(durationMs: number): void {
    const endMs = this.#nowMs + durationMs;
    for (;;) {
      const due = [...this.#timers].filter(([, atMs]) => atMs <= endMs);
      const next = due.sort(([, a], [, b]) => a - b)[0];
      if (!next) break;
      const [timer, atMs] = next;
      this.#timers.delete(timer);
      this.#nowMs = Math.max(this.#nowMs, atMs);
      timer();
    }
    this.#nowMs = endMs;
  }
}
