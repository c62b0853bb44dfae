import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildEdid } from '../../../../server/video/edid/build-edid.js';
import { edidProblems } from '../../../../server/video/edid/edid-problems.js';

const GOOD = buildEdid('1280x720@60', 'TEST');

/** The good EDID with some bytes changed; checksums are kept right unless they are what is changed. */
function changed(bytes: Record<number, number>, length = GOOD.length): Uint8Array {
  const edid = GOOD.slice(0, length);
  for (const [at, byte] of Object.entries(bytes)) edid[Number(at)] = byte;
  for (let start = 0; start + 128 <= length; start += 128) {
    if (bytes[start + 127] !== undefined) continue;
    const sum = edid.subarray(start, start + 127).reduce((total, byte) => total + byte, 0);
    edid[start + 127] = -sum & 0xff;
  }
  return edid;
}

const CASES: Array<[string, Uint8Array, number, RegExp]> = [
  ['nothing', new Uint8Array(0), 0, /128 or 256 bytes, this one has 0$/],
  ['half a block', GOOD.slice(0, 64), 64, /this one has 64/],
  ['three blocks', new Uint8Array(384), 384, /this one has 384/],
  [
    'hexadecimal text',
    Buffer.from(Buffer.from(GOOD).toString('hex')),
    512,
    /it is text, but must be binary/,
  ],
  [
    'hexadecimal text of a length that fits',
    Buffer.from('00ff '.repeat(50).padEnd(256, '\n')),
    0,
    /header has 0x30 instead of 0x00: it is text/,
  ],
  ['a broken header', changed({ 3: 0 }), 3, /header has 0x00 instead of 0xff$/],
  ['version 2', changed({ 18: 2 }), 18, /version 2 is not 1/],
  ['no preferred timing', changed({ 54: 0, 55: 0 }), 54, /no pixel clock/],
  ['a preferred timing without width', changed({ 56: 0, 58: 0x01 }), 56, /width of 0/],
  ['a preferred timing without height', changed({ 59: 0, 61: 0 }), 59, /height of 0/],
  ['a missing extension', changed({}, 128), 126, /announces 1 extension blocks, but has 0/],
  ['an extension that is not announced', changed({ 126: 0 }), 126, /announces 0 .* has 1/],
  ['a wrong checksum', changed({ 127: 0 }), 127, /checksum is 0x00, but must be 0x/],
  ['a wrong checksum of the extension', changed({ 255: 1 }), 255, /checksum is 0x01, but must/],
  ['timings in the header of the extension', changed({ 130: 3 }), 130, /timings begin at 3/],
  ['timings behind the extension', changed({ 130: 128 }), 130, /timings begin at 128/],
  ['a data block that is too long', changed({ 132: 0x5f }), 132, /data block of 31 bytes reaches/],
];

test('a good EDID has no problems, with or without an extension', () => {
  assert.deepEqual(edidProblems(GOOD), []);
  assert.deepEqual(edidProblems(changed({ 126: 0 }, 128)), []);
});

for (const [name, edid, byte, problem] of CASES) {
  test(`${name} is refused at byte ${byte}`, () => {
    const found = edidProblems(edid);
    assert.equal(found.length, 1, JSON.stringify(found));
    assert.equal(found[0]?.byte, byte);
    assert.match(found[0]?.problem ?? '', problem);
  });
}

test('all problems are told, in the order of the bytes', () => {
  assert.deepEqual(
    edidProblems(changed({ 18: 9, 127: 0, 255: 1 })).map(({ byte }) => byte),
    [18, 127, 255],
  );
});
