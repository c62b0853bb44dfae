import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as werift from 'werift';
import { RtpStream } from '../../../server/webrtc/rtp-stream.js';
import { WeriftMediaSender } from '../../../server/webrtc/werift-media-sender.js';

const SLICE = Buffer.from([0, 0, 0, 1, 0x65, 1, 2, 3, 4]);

function createSender(rtxPayloadType: number | null) {
  const sent: Array<{ ssrc: number; sequenceNumber: number; payloadType: number }> = [];
  let queuedBytes = 0;
  let sendErrors = 3;
  const sender = new WeriftMediaSender({
    werift,
    video: {
      mid: '0',
      payloadType: 108,
      rtxPayloadType,
      midExtensionId: 9,
      playoutDelayExtensionId: 5,
    },
    streams: {
      media: new RtpStream(1111, 108).state,
      rtx: rtxPayloadType === null ? null : new RtpStream(2222, rtxPayloadType).state,
    },
    outlet: {
      sendRtp: (_payload, { ssrc, sequenceNumber, payloadType }) => {
        sent.push({ ssrc, sequenceNumber, payloadType });
      },
      queuedBytes: () => queuedBytes,
      sendErrors: () => sendErrors,
    },
  });
  return {
    sender,
    sent,
    picture: () => sender.send(SLICE, 90_000),
    set: (queued: number, errors: number) => {
      queuedBytes = queued;
      sendErrors = errors;
    },
  };
}

test('without RTX a packet from before the wrap is gone: its index would be used twice', () => {
  const { sender, sent, picture } = createSender(null);
  do picture();
  while (sent.at(-1)?.sequenceNumber !== 10);
  const before = sent.length;
  assert.ok(sent.some(({ sequenceNumber }) => sequenceNumber === 65_535));
  assert.equal(sender.retransmit([65_535]), 1);
  assert.equal(sent.length, before);
  assert.equal(sender.retransmit([9]), 0);
  assert.deepEqual(sent.at(-1), { ssrc: 1111, sequenceNumber: 9, payloadType: 108 });
});

test('with RTX it goes out as a new packet of the other stream, each number once', () => {
  const { sender, sent, picture } = createSender(109);
  do picture();
  while (sent.at(-1)?.sequenceNumber !== 10);
  assert.equal(sender.retransmit([65_535, 65_535]), 0);
  const [first, second] = sent.slice(-2);
  assert.deepEqual([first?.ssrc, first?.payloadType], [2222, 109]);
  assert.equal(second?.sequenceNumber, ((first?.sequenceNumber ?? 0) + 1) & 0xffff);
});

test('a socket that does not drain gets no more pictures; what the kernel refuses is counted', () => {
  const { sender, sent, picture, set } = createSender(109);
  assert.equal(picture(), true);
  set(512 * 1024 + 1, 5);
  assert.equal(picture(), false);
  assert.equal(sent.length, 1);
  assert.equal(sender.stats.sendErrors, 2);
  set(512 * 1024, 5);
  assert.equal(picture(), true);
});
