import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RepairBudget } from '../../../server/webrtc/repair-budget.js';

const numbers = (first: number, count: number) =>
  Array.from({ length: count }, (_, at) => first + at);

test('what gets lost at random is all repaired', () => {
  const budget = new RepairBudget();
  for (let sentPackets = 100; sentPackets < 10_000; sentPackets += 100) {
    const missing = numbers(sentPackets - 50, 10);
    const moment = { nowMs: sentPackets, sentPackets, roundTripMs: 40 };
    assert.deepEqual(budget.admit(missing, moment), { admitted: missing, exceeded: false });
  }
});

test('a packet is not sent again before its repair can have arrived', () => {
  const budget = new RepairBudget();
  const at = (nowMs: number) =>
    budget.admit([7], { nowMs, sentPackets: 100, roundTripMs: 150 }).admitted;
  assert.deepEqual(at(1000), [7]);
  assert.deepEqual(at(1100), []);
  assert.deepEqual(at(1150), [7]);
  // What is on its way is no reason for a keyframe.
  const again = budget.admit([7], { nowMs: 1160, sentPackets: 100, roundTripMs: 150 });
  assert.equal(again.exceeded, false);
});

test('a round trip in a long queue, or an unknown one, does not put repairs off for long', () => {
  const budget = new RepairBudget();
  const slow = (nowMs: number) =>
    budget.admit([7], { nowMs, sentPackets: 100, roundTripMs: 5000 }).admitted;
  assert.deepEqual([slow(1000), slow(1300)], [[7], [7]]);
  const unknown = (nowMs: number) =>
    budget.admit([8], { nowMs, sentPackets: 100, roundTripMs: null }).admitted;
  assert.deepEqual([unknown(2000), unknown(2001)], [[8], [8]]);
});

test('a queue that loses hundreds is not kept full by their repair', () => {
  const budget = new RepairBudget();
  const lost = numbers(0, 400);
  let repaired = 0;
  let exceeded = false;
  // As Chromium asks: all of them, ten times, while nothing new is sent.
  for (let nowMs = 0; nowMs < 1000; nowMs += 100) {
    const found = budget.admit(lost, { nowMs, sentPackets: 500, roundTripMs: 90 });
    repaired += found.admitted.length;
    exceeded ||= found.exceeded;
  }
  assert.equal(repaired, 64);
  assert.ok(exceeded, 'who misses the rest needs a keyframe');
  const later = budget.admit(lost, { nowMs: 2000, sentPackets: 520, roundTripMs: 90 });
  assert.equal(later.admitted.length, 10);
});
