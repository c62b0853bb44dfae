import { readFileSync } from 'node:fs';
import type { AccessUnit } from '../../../server/protocol/access-unit.js';

/**
 * test/fixtures/pictures-320x180.h264: 24 pictures, keyframes at 0 and 12, coded by Chromium's WebCodecs VideoEncoder
 * (avc1.42E01F, Annex B, 400 kbit/s) from a canvas with coloured tiles, a moving square and the picture's number.
 */
const FIXTURE = new URL('../../../../test/fixtures/pictures-320x180.h264', import.meta.url);

/** Splits Annex B into NAL units without start codes. */
export function nalUnits(data: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = data.indexOf('\0\0\x01', 0, 'latin1'); at >= 0; ) {
    starts.push(at + 3);
    at = data.indexOf('\0\0\x01', at + 3, 'latin1');
  }
  return starts.map((start, index) => {
    const next = starts[index + 1];
    let end = next === undefined ? data.length : next - 3;
    while (end > start && data[end - 1] === 0) end--;
    return data.subarray(start, end);
  });
}

/** The fixture's pictures as access units, numbered from 1, 33 ms apart. */
export function readPictures(): AccessUnit[] {
  const pictures: Buffer[][] = [];
  let open = false;
  for (const nal of nalUnits(readFileSync(FIXTURE))) {
    const type = (nal[0] ?? 0) & 0x1f;
    if (!open) pictures.push([]);
    pictures.at(-1)?.push(nal);
    open = type !== 1 && type !== 5;
  }
  return pictures.map((nals, index) => ({
    data: Buffer.concat(nals.flatMap((nal) => [Buffer.from([0, 0, 0, 1]), nal])),
    keyframe: nals.some((nal) => ((nal[0] ?? 0) & 0x1f) === 5),
    timestampUs: 1_000_000 + index * 33_333,
    number: index + 1,
    width: 320,
    height: 180,
  }));
}
