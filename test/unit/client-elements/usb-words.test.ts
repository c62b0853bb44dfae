import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usbSentence } from '../../../client/src/elements/usb-words.js';
import type { UsbReply } from '../../../server/protocol/api.js';

const usb: UsbReply = {
  state: 'configured',
  functions: ['keyboard'],
  wanted: ['keyboard', 'relative-mouse', 'consumer'],
  problem: null,
};

test('each state of the cable has its own sentence', () => {
  const states = ['unbound', 'busy', 'detached', 'suspended', 'configured'] as const;
  assert.equal(new Set(states.map((state) => usbSentence(state, null))).size, states.length);
});

test('the reason of the appliance goes before ours', () => {
  for (const state of ['unbound', 'busy'] as const) {
    assert.equal(usbSentence(state, { ...usb, problem: 'No controller.' }), 'No controller.');
  }
});

test('functions that found no endpoint are named', () => {
  assert.match(
    usbSentence('configured', usb),
    /no room for: mouse, relative, media and power keys/,
  );
  assert.doesNotMatch(usbSentence('configured', { ...usb, wanted: ['keyboard'] }), /room/);
});
