import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacketHistory } from '../../../server/webrtc/packet-history.js';
import { RtpStream } from '../../../server/webrtc/rtp-stream.js';
import { compactNtp, ntpTimestamp, roundTripMs } from '../../../server/webrtc/sender-reports.js';

test('the history finds the last packets across the wrap, and nothing else', () => {
  const history = new PacketHistory<number>(2048);
  const stream = new RtpStream(1, 96, 65_000);
  for (let index = 0; index < 3000; index++) history.add(stream.take(), index);
  for (let index = 0; index < 3000; index++) {
    assert.equal(history.find((65_000 + index) & 0xffff), index < 3000 - 2048 ? null : index);
  }
  assert.equal(history.find(40_000), null);
  history.clear();
  assert.equal(history.find((65_000 + 2999) & 0xffff), null);
  assert.throws(() => new PacketHistory(1000), RangeError);
});

test('each number is given out once; the wrap counts; a successor can go on from the state', () => {
  const stream = new RtpStream(7, 96, 65_534);
  assert.deepEqual([stream.take(), stream.take(), stream.take()], [65_534, 65_535, 0]);
  assert.deepEqual(stream.state, {
    ssrc: 7,
    payloadType: 96,
    sequenceNumber: 1,
    rolloverCounter: 1,
  });
  assert.equal(stream.isSinceWrap(0), true);
  assert.equal(stream.isSinceWrap(65_535), false);
});

test('a stream begins below 2^15, where the first wrap cannot be misjudged', () => {
  for (let run = 0; run < 200; run++) assert.ok(new RtpStream(1, 96).state.sequenceNumber < 0x8000);
});

test('werift pitfall: its NTP time; ours has a binary fraction', () => {
  const ntp = ntpTimestamp(1_500);
  assert.equal(ntp >> 32n, 2_208_988_801n);
  assert.equal(ntp & 0xffffffffn, 0x80000000n);
  assert.equal(compactNtp(ntp), ((2_208_988_801 & 0xffff) * 65_536 + 0x8000) >>> 0);
});

test('the round trip is what is left after the receiver’s delay; nonsense is none', () => {
  const sent = ntpTimestamp(10_000_000);
  const now = ntpTimestamp(10_000_350);
  const lsr = compactNtp(sent);
  assert.ok(Math.abs((roundTripMs({ lsr, dlsr: 65_536 / 4 }, now) ?? 0) - 100) < 0.1);
  assert.equal(roundTripMs({ lsr: 0, dlsr: 0 }, now), null);
  assert.equal(roundTripMs({ lsr, dlsr: 65_536 }, now), null);
});
