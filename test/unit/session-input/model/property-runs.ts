/** Random runs of the input properties when `MYKVM_RUNS` does not say otherwise. */
const DEFAULT_RUNS = 100_000;

/**
 * How a property test runs. `MYKVM_SEED` repeats a failed run; `MYKVM_RUNS` is how many runs the cheapest property
 * takes, one that costs `costs` times as much takes that many fewer.
 */
export function propertyRuns(costs = 1): { seed: number; numRuns: number } {
  const seed = Number(process.env['MYKVM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const runs = Number(process.env['MYKVM_RUNS'] ?? DEFAULT_RUNS);
  if (!Number.isSafeInteger(seed)) throw new Error('MYKVM_SEED is no whole number');
  if (!Number.isSafeInteger(runs) || runs < 1) throw new Error('MYKVM_RUNS is no count');
  return { seed, numRuns: Math.max(1, Math.round(runs / costs)) };
}
