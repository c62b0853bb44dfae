import type { Machine } from './machine.js';

/** `note`: nothing is wrong, or it cannot be told here; neither keeps MyKVM from working. */
export type Verdict = 'pass' | 'fail' | 'note';

/** What a check found: one sentence of reason, and where something is to be done, what. */
export interface Finding {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly advice?: string;
}

/** One look at the machine. It changes nothing there. */
export interface Check {
  /** A few words, the same on every machine. */
  readonly name: string;
  /** Never throws for what a machine can be like; what it throws is a fault of the check. */
  run(machine: Machine): Finding | Promise<Finding>;
}

export const pass = (reason: string): Finding => ({ verdict: 'pass', reason });

export const fail = (reason: string, advice: string): Finding => ({
  verdict: 'fail',
  reason,
  advice,
});

export function note(reason: string, advice?: string): Finding {
  return advice === undefined ? { verdict: 'note', reason } : { verdict: 'note', reason, advice };
}
