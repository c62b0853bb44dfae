/**
 * Marks that tests read back from pictures, also after H.264: a strip with the number and the capture time of the
 * frame in big black and white blocks, and a patch that flips with each input report. No imports: a page in a test
 * uses this file too.
 */

/** One block of the strip is this many pixels wide and high. */
export const BLOCK_PX = 8;
export const STRIP_COLUMNS = 44;
export const STRIP_ROWS = 2;
/** Where the strip is; it is left out of the comparison of pictures. */
export const STRIP = { x: 0, y: 0, width: STRIP_COLUMNS * BLOCK_PX, height: STRIP_ROWS * BLOCK_PX };
/** Where the patch is. */
export const PATCH = { x: STRIP.width + BLOCK_PX, y: 0, width: 32, height: 32 };

export const MARK_BLACK = 0x000000;
export const MARK_WHITE = 0xffffff;

/** What the marks of a picture say. */
export interface TestMarks {
  /** Counts submitted frames, 24 bits. */
  frame: number;
  /** CLOCK_MONOTONIC in microseconds, 48 bits. */
  timestampUs: number;
}

const SYNC = 0b10110010;
const FRAME_BYTES = 3;
const TIME_BYTES = 6;
const THRESHOLD = 128;

/** CRC-8 with the polynomial x^8 + x^2 + x + 1. */
function checksum(bytes: Iterable<number>): number {
  let crc = 0xff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}

/** The blocks of the strip, row by row, true for white. */
export function encodeMarks(marks: TestMarks): boolean[] {
  const bytes: number[] = [];
  for (let index = FRAME_BYTES - 1; index >= 0; index--) {
    bytes.push(Math.floor(marks.frame / 256 ** index) % 256);
  }
  for (let index = TIME_BYTES - 1; index >= 0; index--) {
    bytes.push(Math.floor(marks.timestampUs / 256 ** index) % 256);
  }
  const all = [SYNC, ...bytes, checksum(bytes)];
  return all.flatMap((byte) => Array.from({ length: 8 }, (_, bit) => ((byte << bit) & 0x80) !== 0));
}

/** Reads the strip from RGBA pixels with rows of `width`; undefined when sync or checksum do not fit. */
export function decodeMarks(rgba: ArrayLike<number>, width: number): TestMarks | undefined {
  const bytes: number[] = [];
  for (let index = 0; index < (STRIP_COLUMNS * STRIP_ROWS) / 8; index++) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) {
      const block = index * 8 + bit;
      const x = STRIP.x + (block % STRIP_COLUMNS) * BLOCK_PX;
      const y = STRIP.y + Math.floor(block / STRIP_COLUMNS) * BLOCK_PX;
      byte = byte * 2 + (isWhite(rgba, width, x, y, BLOCK_PX) ? 1 : 0);
    }
    bytes.push(byte);
  }
  const payload = bytes.slice(1, -1);
  if (bytes[0] !== SYNC || bytes.at(-1) !== checksum(payload)) return undefined;
  const number = (part: number[]) => part.reduce((value, byte) => value * 256 + byte, 0);
  return {
    frame: number(payload.slice(0, FRAME_BYTES)),
    timestampUs: number(payload.slice(FRAME_BYTES)),
  };
}

/** Reads the patch: true when it is white. */
export function decodePatch(rgba: ArrayLike<number>, width: number): boolean {
  return isWhite(rgba, width, PATCH.x, PATCH.y, PATCH.width);
}

/** Mean of the inner half of a square, where coding artefacts of its neighbours are weakest. */
function isWhite(
  rgba: ArrayLike<number>,
  width: number,
  x: number,
  y: number,
  size: number,
): boolean {
  const margin = size / 4;
  let sum = 0;
  let count = 0;
  for (let row = y + margin; row < y + size - margin; row++) {
    for (let column = x + margin; column < x + size - margin; column++) {
      const at = (row * width + column) * 4;
      sum += ((rgba[at] as number) + (rgba[at + 1] as number) + (rgba[at + 2] as number)) / 3;
      count++;
    }
  }
  return sum / count > THRESHOLD;
}
