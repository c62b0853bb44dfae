import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NAL, nalType, nalUnits, sequenceParameters } from './annex-b.js';
import { decode } from './decoding.js';
import { drawDesktop, randomNumbers } from './drawing.js';
import { rigFor } from './rig.js';
import { type Description, describeSequences } from './sps.js';

const BT601: Description = { matrix: 601, fullRange: false };

/** Without a VUI: Constrained Baseline, 640x480, as the encoder of the VM tests writes it. */
const BARE = ['6742c028da0280f640', '6742c028da0280f69a83030303c2010a80'] as const;

/**
 * Parameter sets and what becomes of them with BT.601 in limited range. ffmpeg (trace_headers) reads of both the same, but for the
 * colours and the order of pictures.
 */
const GOLDEN = {
  'no VUI at all': BARE,
  'a VUI without colours (Constrained Baseline, x264)': [
    '6742c00dd901419f9f0110000003001000000303c0f142a480',
    '6742c00dd901419f9f016a0c0c0c80000003008000001e078a1524',
  ],
  'declared reordering stays (Main, x264 with B pictures)': [
    '674d400deca0a0cfcf8088000003000800000301e078a14cb0',
    '674d400deca0a0cfcf80b506060640000003004000000f03c50a6580',
  ],
  'other colours, aspect ratio, scaling lists, HRD, timing (High, x264)': [
    '6764000dacb202833f3ffe00060008d40404050000030001000003003c602001e840007a13924c01e28549',
    '6764000dacb202833f3ffe00060008d41818190000030001000003003c602001e840007a13924c01e28549',
  ],
  'interlaced (High, x264)': [
    '67640015ace4050cfc980880000003008000001e0f8a1524',
    '67640015ace4050cfc980b50606064000003000400000300f07c50a920',
  ],
  'another chroma format (High 4:4:4, x264)': [
    '67f4000d9196405067e370110000030001000003003c0f142a48',
    '67f4000d9196405067e37016a0c0c0c8000003000800000301e078a15240',
  ],
} as const;

const PPS = [0, 0, 0, 1, 0x68, 0xce, 0x38, 0x80];
/** Its end is not looked at: what looks like a parameter set in it stays. */
const SLICE = [0, 0, 1, 0x65, 0x88, 0x84, 0, 0, 1, 0x67, 0x42, 0xc0, 0x28, 0xda, 0x02, 0x80, 0xf6];

function accessUnit(sps: string, startCode: readonly number[] = [0, 0, 0, 1]): Buffer {
  return Buffer.from([...startCode, ...Buffer.from(sps, 'hex'), ...PPS, ...SLICE]);
}

function describe(unit: Uint8Array, description = BT601): { readable: boolean; unit: Buffer } {
  return describeSequences([unit], description)[0] ?? assert.fail('no answer');
}

for (const [what, [before, after]] of Object.entries(GOLDEN)) {
  test(`${what}: the colours are told, the rest stays bit for bit`, () => {
    for (const startCode of [
      [0, 0, 1],
      [0, 0, 0, 1],
    ]) {
      const result = describe(accessUnit(before, startCode));
      assert.equal(result.readable, true);
      assert.equal(result.unit.toString('hex'), accessUnit(after, startCode).toString('hex'));
      // What says it all is not touched.
      assert.ok(describe(result.unit).unit.equals(result.unit));
    }
  });
}

test('the colours are those that are given', () => {
  const expected = { 601: [6, 6, 6], 709: [1, 1, 1], 2020: [9, 14, 9] } as const;
  for (const matrix of [601, 709, 2020] as const) {
    for (const fullRange of [false, true]) {
      const [sps] = nalUnits(describe(accessUnit(BARE[0]), { matrix, fullRange }).unit);
      const told = sequenceParameters(sps ?? assert.fail('no parameter set'));
      assert.deepEqual([told.primaries, told.transfer, told.matrix], expected[matrix]);
      assert.deepEqual([told.width, told.height, told.fullRange], [640, 480, fullRange]);
    }
  }
});

test('units in front of a parameter set, several of them, zeros between: all are read', () => {
  const [before, after] = BARE;
  const stream = (sps: string) =>
    Buffer.concat([
      Buffer.from([0, 0, 0, 1, 0x09, 0x10, 0, 0, 0, 1, 0x06, 0x05, 0x01, 0xff, 0x80]),
      Buffer.from(`000001${sps}0000`, 'hex'),
      accessUnit(sps),
    ]);
  assert.equal(describe(stream(before)).unit.toString('hex'), stream(after).toString('hex'));
});

test('what has no parameter set, or one that cannot be read, stays as it is', () => {
  const [sps] = GOLDEN['interlaced (High, x264)'];
  const unreadable = [
    ...Array.from({ length: sps.length / 2 - 1 }, (_, length) => sps.slice(0, 2 * length + 2)),
    `${sps}80`,
    // As BARE, but with 17 reference pictures.
    '6742c028d8480a03d9',
  ];
  for (const text of unreadable) {
    const unit = accessUnit(text);
    const result = describe(unit);
    assert.equal(result.readable, false, text);
    assert.ok(result.unit.equals(unit), text);
  }
  for (const bytes of [[], [0], [0, 0, 1], [0, 0, 0, 0], PPS, SLICE, [0x67, 0x42]]) {
    const result = describe(Buffer.from(bytes));
    assert.deepEqual([result.readable, [...result.unit]], [true, bytes]);
  }
});

test('20000 damaged parameter sets: none is read beyond its end, and what is made of one is readable again', () => {
  const random = randomNumbers(7);
  const below = (limit: number) => Math.floor(random() * limit);
  const originals = Object.values(GOLDEN).map(([sps]) => accessUnit(sps));
  const units = Array.from({ length: 20_000 }, (_, round) => {
    const original = originals[round % originals.length] as Buffer;
    const unit = Buffer.from(
      original.subarray(0, below(3) === 0 ? below(original.length) : undefined),
    );
    for (let change = below(6); change > 0 && unit.length > 5; change--) {
      unit[5 + below(unit.length - 5)] = below(2) === 0 ? below(4) : below(256);
    }
    return unit;
  });
  const results = describeSequences(units, BT601);
  const readable = results.filter((result) => result.readable);
  assert.ok(readable.length > 1000 && readable.length < 19_000, `${readable.length}`);
  const again = describeSequences(
    readable.map(({ unit }) => unit),
    BT601,
  );
  for (const [index, { unit }] of readable.entries()) {
    assert.ok(again[index]?.readable && again[index]?.unit.equals(unit), unit.toString('hex'));
  }
  for (const [index, { readable: read, unit }] of results.entries()) {
    // Of several parameter sets one may be readable.
    if (!read && nalUnits(unit).filter((nal) => nalType(nal) === NAL.sps).length === 1) {
      assert.ok(unit.equals(units[index] as Buffer));
    }
  }
});

test('a stream of the software encoder says it all already, and decodes the same with other colours', async (t) => {
  const rig = rigFor(t, { width: 320, height: 240 });
  await rig.show((canvas) => drawDesktop(canvas));
  rig.pipeline.start();
  await rig.recorder.untilUnits(1);
  const unit = rig.recorder.unit(0).data;
  assert.ok(describe(unit).unit.equals(unit));
  const changed = describe(unit, { matrix: 709, fullRange: true }).unit;
  assert.ok(!changed.equals(unit));
  const [first] = decode([unit]);
  const [second] = decode([changed]);
  assert.ok(first && second && Buffer.from(first.y).equals(Buffer.from(second.y)));
});
