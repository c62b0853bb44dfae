import type { InputClock } from './input-clock.js';

/** Motion goes out at most this often: a frame of a 120 Hz screen. */
export const MOTION_INTERVAL_MS = 8;
/** After this long without motion the last place goes out once more, where it cannot get lost. */
export const MOTION_REST_MS = 50;

/** When to send motion: at once, then at most every 8 ms, the trailing move on the tick, and once more at rest. */
export class MotionPacer {
  readonly #clock: InputClock;
  readonly #send: () => void;
  readonly #rest: () => void;
  #waiting = false;
  #cancelTick: (() => void) | null = null;
  #cancelRest: (() => void) | null = null;

  constructor(clock: InputClock, send: () => void, rest: () => void) {
    this.#clock = clock;
    this.#send = send;
    this.#rest = rest;
  }

  moved(): void {
    this.#cancelRest?.();
    this.#cancelRest = this.#clock.after(MOTION_REST_MS, () => {
      this.#cancelRest = null;
      this.#rest();
    });
    if (this.#cancelTick) this.#waiting = true;
    else this.#sendNow();
  }

  /** What waited has gone out with a transition. */
  overtaken(): void {
    this.#waiting = false;
  }

  stop(): void {
    this.#waiting = false;
    this.#cancelTick?.();
    this.#cancelTick = null;
    this.#cancelRest?.();
    this.#cancelRest = null;
  }

  #sendNow(): void {
    this.#waiting = false;
    this.#cancelTick = this.#clock.after(MOTION_INTERVAL_MS, () => {
      this.#cancelTick = null;
      if (this.#waiting) this.#sendNow();
    });
    this.#send();
  }
}
