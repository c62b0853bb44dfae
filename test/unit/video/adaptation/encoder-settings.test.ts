import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encoderSettings } from '../../../../server/video/adaptation/encoder-settings.js';

const LIMITS = { ceilingBps: 4_000_000, floorBps: 200_000, frameRate: 60 };

const CASES: Array<[rateBps: number, presentBps: number, bitrateBps: number, frameRate: number]> = [
  [9_000_000, 9_000_000, 4_000_000, 60],
  [1_000_000, 1_000_000, 1_000_000, 60],
  [200_000, 200_000, 200_000, 60],
  [50_000, 50_000, 50_000, 15],
  [1, 1, 1, 2],
  // While a queue is drained, the frame rate stays what it was.
  [1_000_000, 10_000, 10_000, 60],
];

for (const [rateBps, presentBps, bitrateBps, frameRate] of CASES) {
  test(`${rateBps} bits/s, now ${presentBps}: ${bitrateBps} bits/s at ${frameRate} pictures/s`, () => {
    assert.deepEqual(encoderSettings(rateBps, presentBps, LIMITS), { bitrateBps, frameRate });
  });
}

test('a ceiling below the floor is no floor', () => {
  const limits = { ceilingBps: 100_000, floorBps: 200_000, frameRate: 1 };
  assert.deepEqual(encoderSettings(100_000, 100_000, limits), {
    bitrateBps: 100_000,
    frameRate: 1,
  });
});
