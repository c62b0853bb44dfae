import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isForeignDatagram, judgeCheck } from '../../../server/webrtc/datagram-guard.js';

/** RFC 5769 section 2.1: sample request; USERNAME evtj:h6vY, password VOkJxbRl1RmTxUk/WvJxBt. */
const SAMPLE = Buffer.from(
  '000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf',
  'hex',
);
const password = (ufrag: string) => (ufrag === 'evtj' ? 'VOkJxbRl1RmTxUk/WvJxBt' : undefined);

test('the sample request of RFC 5769 is authentic, and not with another password or one bit changed', () => {
  assert.equal(judgeCheck(SAMPLE, password), 'authentic');
  assert.equal(
    judgeCheck(SAMPLE, () => 'another'),
    'forged',
  );
  assert.equal(
    judgeCheck(SAMPLE, () => undefined),
    'forged',
  );
  for (let at = 20; at < SAMPLE.length - 8; at++) {
    const changed = Buffer.from(SAMPLE);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(judgeCheck(changed, password), 'forged', `byte ${at}`);
  }
});

test('responses, media and DTLS are other; requests of another method are forged', () => {
  const response = Buffer.from(SAMPLE);
  response.writeUInt16BE(0x0101, 0);
  assert.equal(judgeCheck(response, password), 'other');
  const allocate = Buffer.from(SAMPLE);
  allocate.writeUInt16BE(0x0003, 0);
  assert.equal(judgeCheck(allocate, password), 'forged');
  assert.equal(judgeCheck(Buffer.from([128, 96, 0, 1]), password), 'other');
});

test('no datagram makes the guard throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(SAMPLE.length), (bytes, keep) => {
      const datagram = Buffer.concat([SAMPLE.subarray(0, keep), bytes]);
      judgeCheck(datagram, password);
      isForeignDatagram(datagram, true, true);
    }),
  );
});

test('werift pitfall: it closes on any alert; unprotected ones are foreign once the association stands', () => {
  const record = (type: number, epoch: number) =>
    Buffer.from([type, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0]);
  assert.equal(isForeignDatagram(record(21, 0), true, true), true);
  assert.equal(isForeignDatagram(Buffer.concat([record(22, 0), record(21, 0)]), true, true), true);
  assert.equal(isForeignDatagram(record(21, 0), true, false), false);
  assert.equal(isForeignDatagram(record(21, 1), true, true), false);
  assert.equal(isForeignDatagram(record(21, 1), false, true), true);
  assert.equal(isForeignDatagram(Buffer.from([128, 96]), false, true), true);
  assert.equal(isForeignDatagram(SAMPLE, false, true), false);
});
