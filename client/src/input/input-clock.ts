/** Time and timers, so that tests can run them by hand. */
export interface InputClock {
  /** A clock that never goes back, milliseconds. */
  nowMs(): number;
  /** Calls back once after `delayMs`; returns the function that calls it off. */
  after(delayMs: number, callback: () => void): () => void;
}

export const browserClock: InputClock = {
  nowMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
