/** Calls back once after `delayMs`; returns the function that calls it off. */
export type StallTimer = (delayMs: number, callback: () => void) => () => void;

/**
 * Real time for {@link StallTimer}. When this process itself has stalled, its timers run before the news that has
 * arrived meanwhile; so the callback waits until that has been heard (timers come before the poll phase of the event
 * loop, immediates after it).
 */
export const stallTimer: StallTimer = (delayMs, callback) => {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    immediate = setImmediate(callback);
  }, delayMs);
  timer.unref();
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
};
