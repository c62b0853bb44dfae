import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { THIN_INTERVAL_MS, Thinning } from '../../../../server/video/adaptation/thinning.js';

let thinning: Thinning;

beforeEach(() => {
  thinning = new Thinning();
});

test('a queue that drains in time changes nothing', () => {
  assert.equal(thinning.update(700, 0, false), false);
  assert.equal(thinning.thin, false);
});

test('a path that does not drain makes a watcher thin, but not the one who decides', () => {
  thinning.update(800, 0, true);
  assert.equal(thinning.thin, false);
  thinning.update(800, 0, false);
  assert.equal(thinning.thin, true);
});

test('all pictures are tried again after 5, 10, 20 … at most 60 s, and only with a free path', () => {
  const waitsMs: number[] = [];
  let now = 0;
  for (let round = 0; round < 6; round++) {
    thinning.update(now + 800, now, false);
    const thinAt = now + 800;
    now = thinAt;
    assert.equal(thinning.update(now + 3_600_000, now, false), false);
    while (!thinning.update(now, null, false)) now += 100;
    waitsMs.push(now - thinAt);
  }
  assert.deepEqual(waitsMs, [5100, 10_100, 20_100, 40_100, 60_100, 60_100]);
});

test('half a minute without trouble is forgiven', () => {
  thinning.update(800, 0, false);
  thinning.update(10_000, null, false);
  assert.equal(thinning.thin, false);
  thinning.update(41_000, null, false);
  thinning.update(42_000, 41_000, false);
  assert.equal(thinning.thin, true);
  assert.equal(thinning.update(47_100, null, false), true);
});

test('who gets control gets all pictures at once', () => {
  thinning.update(800, 0, false);
  assert.equal(thinning.update(900, 850, true), true);
  assert.equal(thinning.thin, false);
});

test('keyframes are due on a free path, two seconds apart', () => {
  assert.equal(thinning.keyframeDue(100, 50), false);
  assert.equal(thinning.keyframeDue(100, null), true);
  thinning.keyframeSent(100);
  assert.equal(thinning.keyframeDue(99 + THIN_INTERVAL_MS, null), false);
  assert.equal(thinning.keyframeDue(100 + THIN_INTERVAL_MS, null), true);
});
