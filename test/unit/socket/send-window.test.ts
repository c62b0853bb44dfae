import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SendWindow } from '../../../server/socket/send-window.js';

const PART = 4096;

/** Sends what the window admits and acknowledges it after `delayMs`. */
function round(window: SendWindow, nowMs: number, delayMs: number, state: { total: number }): void {
  while (window.admits(PART)) {
    window.sent(PART, nowMs);
    state.total += PART;
  }
  window.acknowledged(state.total, 1_000_000, nowMs + delayMs);
}

test('doubles while acknowledgements come at once, and only while it is full', () => {
  const window = new SendWindow();
  const state = { total: 0 };
  const first = window.limitBytes;
  round(window, 0, 20, state);
  assert.equal(window.limitBytes, 2 * first);
  window.sent(PART, 100);
  state.total += PART;
  window.acknowledged(state.total, 1_000_000, 120);
  assert.equal(window.limitBytes, 2 * first);
});

test('shrinks to what the path carries when acknowledgements come late', () => {
  const window = new SendWindow();
  const state = { total: 0 };
  for (let ms = 0; ms < 500; ms += 100) round(window, ms, 20, state);
  round(window, 1000, 400, state);
  assert.equal(window.limitBytes, 10_000);
});

test('one message may always be under way', () => {
  const window = new SendWindow();
  assert.equal(window.admits(10_000_000), true);
  window.sent(10_000_000, 0);
  assert.equal(window.admits(1), false);
});
