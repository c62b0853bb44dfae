import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backlog } from '../../../server/socket/backlog.js';

test('nothing sent, nothing behind', () => {
  assert.equal(new Backlog().ms(1000), 0);
});

test('the backlog is the age of the oldest picture that is not acknowledged', () => {
  const backlog = new Backlog();
  backlog.sent(1, 50, 0);
  backlog.sent(2, 50, 30);
  assert.equal(backlog.ms(100), 100);
});

test('the shortest time of an acknowledgement is the path and does not count', () => {
  const backlog = new Backlog();
  backlog.sent(1, 50, 0);
  backlog.acknowledged(1, 80);
  backlog.sent(2, 50, 100);
  assert.equal(backlog.ms(180), 0);
  assert.equal(backlog.ms(300), 120);
});

test('one acknowledgement covers all before it; unknown numbers change nothing', () => {
  const backlog = new Backlog();
  for (const number of [1, 2, 3]) backlog.sent(number, 50, number);
  backlog.acknowledged(0, 10);
  assert.equal(backlog.empty, false);
  backlog.acknowledged(9, 10);
  assert.equal(backlog.empty, true);
  backlog.acknowledged(2, 11);
  assert.equal(backlog.empty, true);
});
