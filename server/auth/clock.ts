/** Milliseconds of a clock that is never set back; tests pass their own. */
export type Clock = () => number;

/** The machine's monotonic clock: setting the time neither ends a sign-in nor lets an attacker try again. */
export const monotonicClock: Clock = () => performance.now();
