import { test } from 'node:test';
import fc from 'fast-check';
import { livenessProperty } from './model/liveness-property.js';
import { propertyRuns } from './model/property-runs.js';

test('1000 characters and 200 clicks arrive complete, in order, each click at its place', (context) => {
  const runs = propertyRuns(5000);
  context.diagnostic(`MYKVM_SEED=${runs.seed}, ${runs.numRuns} runs`);
  const property = livenessProperty({ characters: 1000, clicks: 200 });
  fc.assert(property, { ...runs, includeErrorInReport: true });
});

test('a few characters and clicks arrive complete over many networks', (context) => {
  const runs = propertyRuns(50);
  context.diagnostic(`MYKVM_SEED=${runs.seed}, ${runs.numRuns} runs`);
  const property = livenessProperty({ characters: 10, clicks: 4 });
  fc.assert(property, { ...runs, includeErrorInReport: true });
});
