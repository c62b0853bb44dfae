import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Link } from '../../net/link.js';

/** 1000 bytes at 1 Mbit/s take 8 ms. */
const BYTES = 1000;

test('a free link hands over at once and in order', () => {
  const link = new Link<number>();
  for (const packet of [1, 2, 3]) assert.equal(link.offer(packet, BYTES, 5), true);
  assert.deepEqual(link.take(5), [1, 2, 3]);
  assert.equal(link.nextMs, null);
});

test('speed and length of the line', () => {
  const link = new Link<number>({ bitsPerSecond: 1e6, delayMs: 20 });
  link.offer(1, BYTES, 0);
  link.offer(2, BYTES, 0);
  assert.deepEqual(link.take(27), []);
  assert.deepEqual(link.take(28), [1]);
  assert.deepEqual(link.take(36), [2]);
});

test('a full queue takes nothing more until it has drained', () => {
  const link = new Link<number>({ bitsPerSecond: 1e6, queueMs: 40 });
  let taken = 0;
  for (let packet = 0; packet < 20; packet++) taken += link.offer(packet, BYTES, 0) ? 1 : 0;
  assert.equal(taken, 6);
  assert.equal(link.counts.overflown, 14);
  assert.equal(link.take(16).length, 2);
  assert.equal(link.offer(99, BYTES, 16), true);
});

test('what waits when the line gets slower waits longer', () => {
  const link = new Link<number>({ bitsPerSecond: 8e6 });
  for (let packet = 0; packet < 9; packet++) link.offer(packet, BYTES, 0);
  assert.equal(link.waitMs(0), 9);
  link.shape.bitsPerSecond = 1e6;
  assert.equal(link.waitMs(0), 65);
  assert.equal(link.take(65).length, 9);
});

test('losses come in the share that was asked for', () => {
  const link = new Link<number>({ loss: 0.05 });
  for (let packet = 0; packet < 10_000; packet++) link.offer(packet, BYTES, 0);
  assert.ok(Math.abs(link.counts.lost - 500) < 100, `${link.counts.lost}`);
  assert.equal(link.take(0).length, 10_000 - link.counts.lost);
});
