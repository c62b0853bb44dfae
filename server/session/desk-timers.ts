/** The clock of control: the appliance's, or a test's. */
export interface DeskTimers {
  nowMs(): number;
  /** Calls back once; returns what cancels it (idempotent). */
  after(delayMs: number, callback: () => void): () => void;
}

/** Does not keep the process alive. */
export const SYSTEM_TIMERS: DeskTimers = {
  nowMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
