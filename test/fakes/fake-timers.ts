import type { Timers } from '../../server/video/keyframe-policy.js';

/** Timers whose time only the test moves. */
export class FakeTimers implements Timers {
  #nowMs = 1000;
  #next = 1;
  readonly #pending = new Map<number, { atMs: number; callback: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  set(callback: () => void, delayMs: number): unknown {
    this.#pending.set(this.#next, { atMs: this.#nowMs + delayMs, callback });
    return this.#next++;
  }

  clear(timer: unknown): void {
    this.#pending.delete(timer as number);
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** Moves the time, running what becomes due in order. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#pending].filter(([, entry]) => entry.atMs <= endMs);
      const first = due.sort((a, b) => a[1].atMs - b[1].atMs)[0];
      if (!first) break;
      this.#pending.delete(first[0]);
      this.#nowMs = first[1].atMs;
      first[1].callback();
    }
    this.#nowMs = endMs;
  }
}
