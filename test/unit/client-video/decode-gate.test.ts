import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codecStringOf } from '../../../client/src/video/codec-string.js';
import { DecodeGate } from '../../../client/src/video/decode-gate.js';

function setUp() {
  let asked = 0;
  const gate = new DecodeGate(() => {
    asked += 1;
  });
  return { gate, asked: () => asked };
}

test('nothing decodes before the first keyframe', () => {
  const { gate, asked } = setUp();
  assert.equal(gate.admit(false, 0), false);
  assert.equal(gate.admit(true, 1), true);
  assert.equal(gate.admit(false, 2), true);
  assert.equal(asked(), 0);
});

test('beyond 150 ms of backlog everything is dropped up to a keyframe that is asked for once', () => {
  const { gate, asked } = setUp();
  gate.admit(true, 0);
  assert.equal(gate.admit(false, 150), true);
  assert.equal(gate.admit(false, 151), false);
  assert.equal(gate.admit(false, 152), false);
  assert.equal(asked(), 1);
  assert.equal(gate.admit(true, 160), true);
  assert.equal(gate.admit(false, 161), true);
});

test('a decoder that keeps up never drops', () => {
  const { gate, asked } = setUp();
  gate.admit(true, 0);
  for (let ms = 16; ms < 5000; ms += 16) {
    gate.decoded();
    assert.equal(gate.admit(false, ms), true);
  }
  assert.equal(asked(), 0);
});

test('a decoder error restarts at a keyframe', () => {
  const { gate, asked } = setUp();
  gate.admit(true, 0);
  gate.restart();
  gate.restart();
  assert.equal(asked(), 1);
  assert.equal(gate.admit(false, 1), false);
});

test('the codec string comes from the SPS', () => {
  const keyframe = Uint8Array.of(0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1f, 0x8c, 0x8d, 0, 0, 1, 0x68, 1);
  assert.equal(codecStringOf(keyframe), 'avc1.42c01f');
  assert.equal(codecStringOf(Uint8Array.of(0, 0, 1, 0x41, 0x9a, 0, 0, 0)), null);
  assert.equal(codecStringOf(new Uint8Array(0)), null);
});
