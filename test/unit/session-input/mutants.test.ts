import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { livenessProperty } from './model/liveness-property.js';
import type { SinkOf } from './model/model-world.js';
import { MutantSink, type Mutation } from './model/mutant-sink.js';
import { propertyRuns } from './model/property-runs.js';
import { safetyProperty } from './model/safety-property.js';

// The properties must tell a broken build from ours: each of them finds each of these.
const MUTATIONS: readonly Mutation[] = ['drops-every-tenth-event', 'drops-every-release'];

const { seed } = propertyRuns();

for (const mutation of MUTATIONS) {
  const sinkOf: SinkOf = (controller) => new MutantSink(controller, mutation);

  test(`the safety property finds a build that ${mutation}`, () => {
    const result = fc.check(safetyProperty(sinkOf), { seed, numRuns: 1000, endOnFailure: true });
    assert.ok(result.failed);
    assert.match(String(result.errorInstance), /AssertionError|another source/);
  });

  test(`the liveness property finds a build that ${mutation}`, () => {
    const property = livenessProperty({ characters: 1000, clicks: 200 }, sinkOf);
    const result = fc.check(property, { seed, numRuns: 2, endOnFailure: true });
    assert.ok(result.failed);
    assert.match(String(result.errorInstance), /AssertionError/);
  });
}
