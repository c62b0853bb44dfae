/** A place for timers that end together, for example those of one screen of the PC. */
export interface TimerScope {
  readonly nowMs: number;
  /** Runs `action` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, action: () => void): () => void;
  /**
   * Runs `action` every `periodMs`; the returned function cancels it. A lazy one only matters to those who watch
   * the screen: it does not ask for the clock to be advanced in time.
   */
  every(periodMs: number, action: () => void, lazy?: boolean): () => void;
  /** Cancels all timers of the scope; later ones are ignored. */
  close(): void;
}

interface Timer {
  atMs: number;
  lazy: boolean;
  action: () => void;
}

/**
 * The PC's time in milliseconds since it was plugged in. It stands still until advanceTo(): production drives it
 * by the real clock, tests by hand, so that the same seed and the same reports give the same pictures.
 */
export class VirtualClock {
  #nowMs = 0;
  /** Sorted by time, then by order of arrival. */
  #timers: Timer[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  /** When the next timer is due; Infinity without timers. */
  get nextMs(): number {
    return this.#timers[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** When the next timer is due that is not lazy. */
  get nextUrgentMs(): number {
    return this.#timers.find(({ lazy }) => !lazy)?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Runs `action` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, action: () => void, lazy = false): () => void {
    const timer: Timer = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      lazy,
      action,
    };
    let index = this.#timers.length;
    while (index > 0 && (this.#timers[index - 1]?.atMs ?? 0) > timer.atMs) index--;
    this.#timers.splice(index, 0, timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }

  /** Runs what is due up to `timeMs`, each timer at its own time. Time never goes back. */
  advanceTo(timeMs: number): void {
    for (;;) {
      const timer = this.#timers[0];
      if (timer === undefined || timer.atMs > timeMs) break;
      this.#timers.shift();
      this.#nowMs = timer.atMs;
      timer.action();
    }
    this.#nowMs = Math.max(this.#nowMs, timeMs);
  }

  /** Makes a scope whose timers can be cancelled together. */
  scope(): TimerScope {
    const cancels = new Set<() => void>();
    let closed = false;
    const after = (delayMs: number, action: () => void, lazy = false): (() => void) => {
      if (closed) return () => {};
      const run = () => {
        cancels.delete(stop);
        action();
      };
      const stop = this.after(delayMs, run, lazy);
      cancels.add(stop);
      return () => {
        cancels.delete(stop);
        stop();
      };
    };
    const clock = this;
    return {
      get nowMs() {
        return clock.#nowMs;
      },
      after: (delayMs, action) => after(delayMs, action),
      every: (periodMs, action, lazy) => {
        let stop = () => {};
        let stopped = false;
        const tick = () => {
          action();
          if (!stopped) stop = after(periodMs, tick, lazy);
        };
        stop = after(periodMs, tick, lazy);
        return () => {
          stopped = true;
          stop();
        };
      },
      close: () => {
        closed = true;
        for (const cancel of cancels) cancel();
        cancels.clear();
      },
    };
  }
}
