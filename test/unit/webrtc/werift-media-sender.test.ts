import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as werift from 'werift';
import { WeriftMediaSender } from '../../../server/webrtc/werift-media-sender.js';

const SLICE = Buffer.from([0, 0, 0, 1, 0x65, 1, 2, 3, 4]);

function createSender(rtxPayloadType: number | null) {
  const sent: Array<{ ssrc: number; sequenceNumber: number; payloadType: number }> = [];
  let keyframeRequests = 0;
  const sender = new WeriftMediaSender({
    werift,
    video: {
      mid: '0',
      payloadType: 108,
      rtxPayloadType,
      midExtensionId: 9,
      playoutDelayExtensionId: 5,
    },
    ssrc: 1111,
    rtxSsrc: 2222,
    outlet: {
      sendRtp: (_payload, { ssrc, sequenceNumber, payloadType }) => {
        sent.push({ ssrc, sequenceNumber, payloadType });
      },
      queuedBytes: () => 0,
      sendErrors: () => 3,
    },
    needKeyframe: () => keyframeRequests++,
  });
  const picture = (keyframe: boolean) =>
    sender.sendAccessUnit({
      data: SLICE,
      keyframe,
      timestampUs: 1_000_000,
      number: 1,
      width: 16,
      height: 16,
    });
  return { sender, sent, picture, requests: () => keyframeRequests };
}

test('without RTX a packet from before the wrap is gone: its index would be used twice', () => {
  const { sender, sent, picture, requests } = createSender(null);
  picture(true);
  while (sent.at(-1)?.sequenceNumber !== 10) picture(false);
  const before = sent.length;
  assert.equal(sent.find(({ sequenceNumber }) => sequenceNumber === 65_535) !== undefined, true);
  sender.retransmit([65_535]);
  assert.equal(sent.length, before);
  assert.equal(requests(), 1);
  sender.retransmit([9]);
  assert.deepEqual(sent.at(-1), { ssrc: 1111, sequenceNumber: 9, payloadType: 108 });
});

test('with RTX it goes out as a new packet of the other stream, each number once', () => {
  const { sender, sent, picture } = createSender(109);
  picture(true);
  while (sent.at(-1)?.sequenceNumber !== 10) picture(false);
  sender.retransmit([65_535, 65_535]);
  const [first, second] = sent.slice(-2);
  assert.deepEqual([first?.ssrc, first?.payloadType], [2222, 109]);
  assert.equal(second?.sequenceNumber, ((first?.sequenceNumber ?? 0) + 1) & 0xffff);
  assert.equal(sender.stats.sendErrors, 3);
});

test('close gives the numbers to a successor and sends nothing more', () => {
  const { sender, sent, picture } = createSender(109);
  picture(true);
  const last = sent.at(-1)?.sequenceNumber ?? 0;
  const { media, rtx } = sender.close();
  assert.deepEqual(media, {
    ssrc: 1111,
    payloadType: 108,
    sequenceNumber: (last + 1) & 0xffff,
    rolloverCounter: 0,
  });
  assert.equal(rtx?.ssrc, 2222);
  picture(true);
  sender.retransmit([last]);
  assert.equal(sent.length, 1);
});
