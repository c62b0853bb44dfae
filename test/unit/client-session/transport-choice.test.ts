import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planTransports } from '../../../client/src/session/transport-choice.js';

const decoder = 'webcodecs';
const both = { webrtc: true, websocket: decoder } as const;
const onlyWebRtc = { webrtc: true, websocket: null };
const onlySocket = { webrtc: false, websocket: decoder } as const;
const neither = { webrtc: false, websocket: null };

test('both, WebRTC first; without H.264 in it the WebSocket, with a word', () => {
  assert.deepEqual(planTransports('', 'auto', both), {
    transports: ['webrtc', 'websocket'],
    note: null,
    decoder,
  });
  assert.deepEqual(planTransports('', 'auto', onlySocket), {
    transports: ['websocket'],
    note: 'This browser has no H.264 in WebRTC',
    decoder,
  });
  assert.deepEqual(planTransports('', 'auto', onlyWebRtc).transports, ['webrtc']);
});

test('one that is named is the only one, and the address goes before the setting', () => {
  assert.deepEqual(planTransports('?transport=ws', 'webrtc', both), {
    transports: ['websocket'],
    note: 'The address of this page asks for it',
    decoder,
  });
  assert.deepEqual(planTransports('', 'websocket', both), {
    transports: ['websocket'],
    note: 'Chosen here',
    decoder,
  });
  assert.deepEqual(planTransports('?transport=webrtc', 'auto', both), {
    transports: ['webrtc'],
    note: null,
    decoder,
  });
  assert.deepEqual(planTransports('?transport=nonsense', 'auto', both).transports, [
    'webrtc',
    'websocket',
  ]);
});

test('what cannot be decoded is not chosen', () => {
  assert.deepEqual(planTransports('', 'auto', neither).transports, []);
  assert.deepEqual(planTransports('?transport=ws', 'auto', onlyWebRtc).transports, []);
  assert.deepEqual(planTransports('', 'webrtc', onlySocket).transports, []);
});
