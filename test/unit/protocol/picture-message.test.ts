import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessUnit } from '../../../server/protocol/access-unit.js';
import {
  decodePictureAck,
  encodePictureAck,
  PICTURE_PART_BYTES,
  PictureAssembler,
  pictureParts,
} from '../../../server/protocol/picture-message.js';

function picture(bytes: number, keyframe: boolean): AccessUnit {
  const data = Uint8Array.from({ length: bytes }, (_, at) => (at * 7) & 0xff);
  return { data, keyframe, timestampUs: 12_345_678.5, number: 7, width: 1280, height: 720 };
}

function join({ header, content }: { header: Uint8Array; content: Uint8Array }): Uint8Array {
  return Uint8Array.of(...header, ...content);
}

for (const bytes of [1, PICTURE_PART_BYTES, PICTURE_PART_BYTES + 1, 3 * PICTURE_PART_BYTES]) {
  test(`a picture of ${bytes} bytes is put together as it was`, () => {
    const assembler = new PictureAssembler();
    const sent = picture(bytes, bytes > 1);
    const results = pictureParts(sent).map((part) => assembler.add(join(part)));
    assert.equal(results.length, Math.ceil(bytes / PICTURE_PART_BYTES));
    assert.deepEqual(results.pop(), sent);
    assert.ok(results.every((result) => result === 'waiting'));
  });
}

test('other messages, and a part without a beginning, are no pictures', () => {
  const assembler = new PictureAssembler();
  assert.equal(assembler.add(Uint8Array.of(0x91, 0, 1, 2)), null);
  assert.equal(assembler.add(Uint8Array.of(0x03, 0, 1, 2)), null);
  assert.equal(assembler.add(new Uint8Array()), null);
});

test('acknowledgements count modulo 2^32', () => {
  assert.equal(decodePictureAck(encodePictureAck(2 ** 32 + 5)), 5);
  assert.equal(decodePictureAck(new Uint8Array(4)), null);
});
