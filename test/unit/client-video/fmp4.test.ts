import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { initSegment, mediaSegment } from '../../../client/src/video/fmp4.js';
import { nalUnitsOf } from '../../../client/src/video/nal-units.js';
import { StreamDescriber } from '../../../client/src/video/stream-describer.js';

const SPS = Uint8Array.of(0x67, 0x42, 0xc0, 0x1f, 0x8c, 0x8d, 0x40);
const PPS = Uint8Array.of(0x68, 0xce, 0x3c, 0x80);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** ffprobe and Chromium read both. */
const GOLDEN_INIT = [
  '000000206674797069736f350000020069736f3569736f366d70343161766331000002596d6f6f760000006c',
  '6d76686400000000000000000000000000015f90000000000001000001000000000000000000000000010000',
  '0000000000000000000000000001000000000000000000000000000040000000000000000000000000000000',
  '00000000000000000000000000000002000001bd7472616b0000005c746b6864000000030000000000000000',
  '0000000100000000000000000000000000000000000000000000000000010000000000000000000000000000',
  '00010000000000000000000000000000400000000500000002d00000000001596d646961000000206d646864',
  '00000000000000000000000000015f900000000055c400000000002168646c72000000000000000076696465',
  '00000000000000000000000000000001106d696e6600000014766d6864000000010000000000000000000000',
  '2464696e660000001c6472656600000000000000010000000c75726c2000000001000000d07374626c000000',
  '8473747364000000000000000100000074617663310000000000000001000000000000000000000000000000',
  '00050002d0004800000048000000000000000100000000000000000000000000000000000000000000000000',
  '000000000000000018ffff0000001e617663430142c01fffe100076742c01f8c8d4001000468ce3c80000000',
  '1073747473000000000000000000000010737473630000000000000000000000147374737a00000000000000',
  '0000000000000000107374636f0000000000000000000000286d766578000000207472657800000000000000',
  '0100000001000000000000000000000000',
].join('');

const GOLDEN_KEYFRAME = [
  '000000646d6f6f66000000106d66686400000000000000070000004c74726166000000107466686400020000',
  '000000010000001474666474010000000000000200000005000000207472756e00000701000000010000006c',
  '0000005a0000001002000000000000186d64617400000003060102000000056503040506',
].join('');

/** Box types from the outside to the inside, with sizes. */
function boxes(bytes: Uint8Array, containers: readonly string[], path = ''): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += view.getUint32(at)) {
    const size = view.getUint32(at);
    assert.ok(size >= 8 && at + size <= bytes.length, `${path}: a box of ${size} bytes at ${at}`);
    const name = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    found.push(`${path}${name} ${size}`);
    if (!containers.includes(name)) continue;
    found.push(...boxes(bytes.subarray(at + 8, at + size), containers, `${path}${name}/`));
  }
  return found;
}

describe('fragmented MP4', () => {
  test('the initialization segment, byte by byte', () => {
    const segment = initSegment({ sps: SPS, pps: PPS, width: 1280, height: 720 });
    assert.equal(hex(segment), GOLDEN_INIT);
    const containers = ['moov', 'trak', 'mdia', 'minf', 'dinf', 'stbl', 'mvex'];
    const paths = boxes(segment, containers).map((each) => each.replace(/ .*/, ''));
    assert.ok(paths.includes('moov/trak/mdia/minf/stbl/stsd'), paths.join());
  });

  test('a media segment, byte by byte: the data offset leads to the first length', () => {
    const nalUnits = [Uint8Array.of(6, 1, 2), Uint8Array.of(0x65, 3, 4, 5, 6)];
    const keyframe = { nalUnits, keyframe: true, time: 2 ** 33 + 5, duration: 90 };
    const segment = mediaSegment(keyframe, 7);
    assert.equal(hex(segment), GOLDEN_KEYFRAME);
    const view = new DataView(segment.buffer);
    const dataOffset = segment.length - (4 + 3 + 4 + 5);
    assert.equal(view.getUint32(dataOffset), 3);
    assert.deepEqual(boxes(segment, ['moof', 'traf']), [
      'moof 100',
      'moof/mfhd 16',
      'moof/traf 76',
      'moof/traf/tfhd 16',
      'moof/traf/tfdt 20',
      'moof/traf/trun 32',
      'mdat 24',
    ]);
    const other = mediaSegment({ ...keyframe, keyframe: false }, 7);
    assert.equal(hex(other), GOLDEN_KEYFRAME.replace('0000001002000000', '0000001001010000'));
  });
});

describe('NAL units of Annex B', () => {
  const of = (...bytes: number[]) => nalUnitsOf(Uint8Array.from(bytes)).map(hex);

  test('start codes of three and four bytes, and zeros behind a unit', () => {
    assert.deepEqual(of(0, 0, 0, 1, 9, 16, 0, 0, 1, 0x41, 1, 0, 3, 0, 0, 0, 1, 5, 1, 0, 0), [
      '0910',
      '41010003',
      '0501',
    ]);
  });

  test('what has no start code has no units', () => {
    assert.deepEqual(of(), []);
    assert.deepEqual(of(1), []);
    assert.deepEqual(of(0, 1, 5, 5, 5), []);
    assert.deepEqual(of(0, 0, 1), []);
  });
});

test('a stream is described at its beginning and whenever its parameter sets or its size change', () => {
  const describer = new StreamDescriber();
  const unit = {
    data: new Uint8Array(0),
    keyframe: true,
    timestampUs: 0,
    number: 1,
    width: 1280,
    height: 720,
  };
  const slice = Uint8Array.of(0x65, 1);
  assert.equal(describer.changeAt(unit, [slice]), null);
  assert.equal(describer.changeAt(unit, [SPS, PPS, slice])?.codec, 'avc1.42c01f');
  assert.equal(describer.changeAt(unit, [SPS, PPS, slice]), null);
  assert.ok(describer.changeAt({ ...unit, width: 640 }, [SPS, PPS, slice]));
  const main = Uint8Array.from(SPS);
  main[1] = 0x4d;
  assert.equal(describer.changeAt({ ...unit, width: 640 }, [main, PPS])?.codec, 'avc1.4dc01f');
});
