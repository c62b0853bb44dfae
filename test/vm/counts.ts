import { readFileSync } from 'node:fs';

/** What node's test runner counts in its closing lines. */
const COUNTERS = [
  'tests',
  'suites',
  'pass',
  'fail',
  'cancelled',
  'skipped',
  'todo',
  'duration_ms',
] as const;

export type Counts = Record<(typeof COUNTERS)[number], number>;

export function noCounts(): Counts {
  return sumCounts([]);
}

export function sumCounts(all: readonly Counts[]): Counts {
  const sum = (counter: (typeof COUNTERS)[number]) =>
    all.reduce((total, counts) => total + counts[counter], 0);
  return Object.fromEntries(COUNTERS.map((counter) => [counter, sum(counter)])) as Counts;
}

/** Reads the closing lines of a TAP file: "# pass 12". Throws when one is missing: then the runner did not get to its end. */
export function readCounts(tapFile: string): Counts {
  const tap = readFileSync(tapFile, 'utf8');
  const count = (counter: string) => {
    const value = new RegExp(`^# ${counter} ([\\d.]+)$`, 'm').exec(tap)?.[1];
    if (value === undefined) throw new Error(`no "# ${counter}" in ${tapFile}`);
    return Number(value);
  };
  return Object.fromEntries(COUNTERS.map((counter) => [counter, count(counter)])) as Counts;
}

/** True for the runner's own closing lines: they are summed up over all suites instead. */
export function isCounter(line: string): boolean {
  return COUNTERS.some((counter) => line.startsWith(`ℹ ${counter} `));
}

/** In the words of the runner's spec reporter. */
export function closingLines(counts: Counts): string {
  return COUNTERS.map((counter) => `ℹ ${counter} ${counts[counter]}`).join('\n');
}
