import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryRate } from '../../../server/path/delivery-rate.js';

test('too few reports tell no rate', () => {
  const rate = new DeliveryRate();
  assert.equal(rate.bitrateBps, null);
  rate.delivered(1000, 0);
  rate.delivered(2000, 50);
  assert.equal(rate.bitrateBps, null);
});

test('the rate is of the last 400 ms only', () => {
  const rate = new DeliveryRate();
  for (let ms = 0; ms <= 1000; ms += 100) rate.delivered(ms * 1000, ms);
  for (let ms = 1100; ms <= 1600; ms += 100) rate.delivered(1_000_000 + (ms - 1000) * 125, ms);
  assert.equal(rate.bitrateBps, 1_000_000);
});

test('a pause before is not counted', () => {
  const rate = new DeliveryRate();
  rate.delivered(1000, 0);
  rate.restart(1000, 5000);
  rate.delivered(26_000, 5200);
  assert.equal(rate.bitrateBps, 1_000_000);
});
