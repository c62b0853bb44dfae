import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backlog } from '../../../server/socket/backlog.js';

test('nothing sent, nothing behind', () => {
  assert.equal(new Backlog().ms(1000), 0);
});

test('the backlog is the age of the oldest picture that has not arrived in whole', () => {
  const backlog = new Backlog();
  backlog.added(50, 0);
  backlog.added(50, 30);
  assert.equal(backlog.ms(100), 100);
  backlog.acknowledged(49, 100);
  assert.equal(backlog.ms(100), 100);
});

test('the shortest time of an acknowledgement is the path and does not count', () => {
  const backlog = new Backlog();
  backlog.added(50, 0);
  backlog.acknowledged(50, 80);
  backlog.added(50, 100);
  assert.equal(backlog.ms(180), 0);
  assert.equal(backlog.ms(300), 120);
});

test('a count that was never sent, or is older than the last, changes nothing', () => {
  const backlog = new Backlog();
  for (const ms of [1, 2, 3]) backlog.added(50, ms);
  backlog.acknowledged(151, 10);
  assert.equal(backlog.empty, false);
  backlog.acknowledged(150, 10);
  assert.equal(backlog.empty, true);
  backlog.acknowledged(100, 11);
  assert.equal(backlog.empty, true);
});

test('a count modulo 2^32 is completed from what was sent', () => {
  const backlog = new Backlog();
  backlog.added(2 ** 32 - 100, 0);
  backlog.added(300, 1);
  assert.equal(backlog.wholeCount(2 ** 32 - 100), 2 ** 32 - 100);
  assert.equal(backlog.wholeCount(200), 2 ** 32 + 200);
});

test('what the path carries is known while pictures arrive', () => {
  const backlog = new Backlog();
  assert.equal(backlog.report(0), null);
  for (let ms = 0; ms <= 400; ms += 100) backlog.added(12_500, ms);
  for (let ms = 50; ms <= 450; ms += 100) backlog.acknowledged(((ms + 50) / 100) * 12_500, ms);
  assert.equal(backlog.report(450)?.estimatedBitrateBps, 1_000_000);
  assert.equal(backlog.report(450)?.queueDelayMs, 0);
});
