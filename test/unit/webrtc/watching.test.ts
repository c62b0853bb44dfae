import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyframeGate } from '../../../server/webrtc/keyframe-gate.js';
import { Liveness } from '../../../server/webrtc/liveness.js';

test('a viewer is dead after so many silent ticks, and anything heard starts anew', () => {
  const liveness = new Liveness(3);
  assert.equal(liveness.tick(0), 'alive');
  assert.equal(liveness.tick(0), 'probe');
  assert.equal(liveness.tick(0), 'probe');
  assert.equal(liveness.tick(4), 'alive');
  assert.equal(liveness.tick(4), 'probe');
  assert.equal(liveness.tick(4), 'probe');
  liveness.heard();
  assert.equal(liveness.tick(4), 'probe');
  assert.equal(liveness.tick(4), 'probe');
  assert.equal(liveness.tick(4), 'dead');
});

test('a keyframe is asked for at once, not again while it is under way, and again after it was sent', () => {
  let now = 0;
  let asked = 0;
  const gate = new KeyframeGate(
    () => asked++,
    () => now,
  );
  gate.request();
  gate.request();
  assert.equal(asked, 1);
  gate.keyframeSent();
  gate.request();
  assert.equal(asked, 2);
  now += KeyframeGate.REPEAT_MS;
  gate.request();
  assert.equal(asked, 3);
});
