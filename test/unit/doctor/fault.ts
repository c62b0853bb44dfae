import type { Verdict } from '../../../server/doctor/check.js';
import type { FakeBoard } from './fake-board.js';

/** One thing that can be different on a board, and what the doctor says of it. */
export type Fault = [
  what: string,
  change: (board: FakeBoard) => void,
  check: string,
  verdict: Verdict,
  reason: RegExp,
  advice?: RegExp,
];
