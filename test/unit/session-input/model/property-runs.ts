/**
 * How property tests run: `MYKVM_SEED` repeats a run, `MYKVM_RUNS` sets how many random runs the input properties
 * take in all.
 */
export function propertyRuns(defaultRuns: number): { seed: number; numRuns: number } {
  const seed = Number(process.env['MYKVM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const numRuns = Number(process.env['MYKVM_RUNS'] ?? defaultRuns);
  if (!Number.isSafeInteger(seed)) throw new Error('MYKVM_SEED is no whole number');
  if (!Number.isSafeInteger(numRuns) || numRuns < 1) throw new Error('MYKVM_RUNS is no count');
  return { seed, numRuns };
}
