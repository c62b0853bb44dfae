import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseTransport } from '../../../client/src/session/transport-choice.js';

const both = { webrtc: true, websocket: true };
const onlyWebRtc = { webrtc: true, websocket: false };
const onlySocket = { webrtc: false, websocket: true };
const neither = { webrtc: false, websocket: false };

test('WebRTC first; without H.264 in it the WebSocket, with a word', () => {
  assert.deepEqual(chooseTransport('', false, both), { transport: 'webrtc', note: null });
  assert.deepEqual(chooseTransport('', false, onlySocket), {
    transport: 'websocket',
    note: 'This browser has no H.264 in WebRTC',
  });
});

test('WebRTC that did not connect gives way to the WebSocket where that can be decoded', () => {
  assert.deepEqual(chooseTransport('', true, both), {
    transport: 'websocket',
    note: 'WebRTC did not connect',
  });
  assert.equal(chooseTransport('', true, onlyWebRtc).transport, 'webrtc');
});

test('the address is obeyed, whatever failed before', () => {
  assert.equal(chooseTransport('?transport=ws', false, both).transport, 'websocket');
  assert.equal(chooseTransport('?transport=webrtc', true, both).transport, 'webrtc');
});

test('what cannot be decoded is not chosen', () => {
  assert.equal(chooseTransport('', false, neither).transport, null);
  assert.equal(chooseTransport('?transport=ws', false, onlyWebRtc).transport, null);
  assert.equal(chooseTransport('?transport=webrtc', false, onlySocket).transport, null);
});
