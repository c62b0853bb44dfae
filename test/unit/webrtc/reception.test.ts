import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reception } from '../../../server/webrtc/reception.js';

test('one report tells no share', () => {
  const reception = new Reception();
  assert.equal(reception.packets, null);
  reception.report({ highestSequence: 100, packetsLost: 3 }, 0);
  assert.equal(reception.packets, 97);
  assert.equal(reception.lossFraction, null);
});

test('losses of the last second count', () => {
  const reception = new Reception();
  reception.report({ highestSequence: 100, packetsLost: 50 }, 0);
  for (let report = 1; report <= 20; report++) {
    const expected = 100 + report * 50;
    const packetsLost = 50 + Math.max(0, report - 10) * 5;
    reception.report({ highestSequence: expected, packetsLost }, report * 100);
  }
  assert.equal(reception.lossFraction, 0.1);
});

test('a negative count of lost packets is one, and duplicates are no gain', () => {
  const reception = new Reception();
  reception.report({ highestSequence: 100, packetsLost: 0 }, 0);
  reception.report({ highestSequence: 200, packetsLost: 0xfffffe }, 200);
  assert.equal(reception.lossFraction, 0);
  assert.equal(reception.packets, 202);
});

test('an old report changes nothing, and the count goes on beyond 32 bits', () => {
  const reception = new Reception();
  reception.report({ highestSequence: 0xffffff00, packetsLost: 0 }, 0);
  reception.report({ highestSequence: 0xfffffe00, packetsLost: 9 }, 10);
  reception.report({ highestSequence: 0x100, packetsLost: 64 }, 200);
  assert.equal(reception.packets, 2 ** 32 + 0x100 - 64);
  assert.equal(reception.lossFraction, 0.125);
});

test('nothing sent, nothing lost', () => {
  const reception = new Reception();
  reception.report({ highestSequence: 5, packetsLost: 1 }, 0);
  reception.report({ highestSequence: 5, packetsLost: 1 }, 500);
  assert.equal(reception.lossFraction, 0);
});
