import { parseArgs } from 'node:util';

/** How the benchmark runs. */
export interface BenchOptions {
  /** Only measurements whose name contains one of these; empty means all. */
  only: readonly string[];
  /** Repetitions of each measurement. */
  runs: number;
  /** Seconds of one repetition, where the length can be chosen. */
  seconds: number;
  quick: boolean;
}

export const USAGE = `Usage: make bench ARGS='[--only NAME]... [--runs N] [--seconds N] [--quick]'
  --only NAME    only measurements whose name contains NAME; may be repeated
  --runs N       repetitions of each measurement (3; with --quick 1)
  --seconds N    length of one repetition (3; with --quick 2)
  --quick        a look in about six minutes; docs/performance.md is not written
`;

/** Reads the command line. Throws an Error with a sentence for the user. */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  return {
    only: values.only,
    runs: positive('--runs', values.runs ?? (quick ? '1' : '3')),
    seconds: positive('--seconds', values.seconds ?? (quick ? '2' : '3')),
    quick,
  };
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600))
    throw new Error(`${flag} ${text}: a number up to 600 is needed`);
  return value;
}
