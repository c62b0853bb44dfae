import { test } from 'node:test';
import fc from 'fast-check';
import { propertyRuns } from './model/property-runs.js';
import { safetyProperty } from './model/safety-property.js';

const DEFAULT_RUNS = 100_000;

test('whatever happens, nothing stays held and no other source is released', (context) => {
  const runs = propertyRuns(DEFAULT_RUNS);
  context.diagnostic(`MYKVM_SEED=${runs.seed} MYKVM_RUNS=${runs.numRuns}`);
  fc.assert(safetyProperty(), { ...runs, includeErrorInReport: true });
});
