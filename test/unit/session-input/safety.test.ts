import { test } from 'node:test';
import fc from 'fast-check';
import { propertyRuns } from './model/property-runs.js';
import { safetyProperty } from './model/safety-property.js';

test('whatever happens, nothing stays held and no other source is released', (context) => {
  const runs = propertyRuns();
  context.diagnostic(`MYKVM_SEED=${runs.seed}, ${runs.numRuns} runs`);
  fc.assert(safetyProperty(), { ...runs, includeErrorInReport: true });
});
