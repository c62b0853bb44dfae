/** At most one forced keyframe in this time: each costs as much as a second of typing. */
export const KEYFRAME_INTERVAL_MS = 300;

/** Timer functions, injected so that tests own the time. */
export interface Timers {
  now(): number;
  set(callback: () => void, delayMs: number): unknown;
  clear(timer: unknown): void;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  set: (callback, delayMs) => setTimeout(callback, delayMs),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** Merges keyframe requests: the first is forced at once, those that follow too soon become one, later. */
export class KeyframePolicy {
  readonly #force: () => void;
  readonly #timers: Timers;
  #lastMs = Number.NEGATIVE_INFINITY;
  #pending: unknown;

  constructor(force: () => void, timers: Timers) {
    this.#force = force;
    this.#timers = timers;
  }

  request(): void {
    if (this.#pending !== undefined) return;
    const waitMs = this.#lastMs + KEYFRAME_INTERVAL_MS - this.#timers.now();
    if (waitMs <= 0) this.#forceNow();
    else this.#pending = this.#timers.set(() => this.#forceNow(), waitMs);
  }

  /** A keyframe has been coded, for whatever reason: what was pending is answered by it. */
  keyframeCoded(): void {
    this.#lastMs = this.#timers.now();
    this.cancel();
  }

  cancel(): void {
    if (this.#pending !== undefined) this.#timers.clear(this.#pending);
    this.#pending = undefined;
  }

  #forceNow(): void {
    this.#pending = undefined;
    this.#lastMs = this.#timers.now();
    this.#force();
  }
}
