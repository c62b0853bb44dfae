import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A decoded picture in I420; a size of 0x0 where an access unit gave no picture. */
export interface DecodedPicture {
  width: number;
  height: number;
  y: Uint8Array;
  u: Uint8Array;
  v: Uint8Array;
}

const NATIVE = fileURLToPath(new URL('../../../native/', import.meta.url));

/** Decodes access units in order with libopenh264's decoder; throws when it reports any error. */
export function decode(units: readonly Uint8Array[]): DecodedPicture[] {
  // Without the sanitizers that the test itself may run under.
  const { LD_PRELOAD: _preloaded, ...env } = process.env;
  execFileSync('make', ['-s', '-C', NATIVE, 'decoder'], { env });
  const parts: Uint8Array[] = [];
  for (const unit of units) {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(unit.length);
    parts.push(size, unit);
  }
  const output = execFileSync(`${NATIVE}build/decode-h264`, {
    env,
    input: Buffer.concat(parts),
    maxBuffer: 2 ** 31,
  });
  const pictures: DecodedPicture[] = [];
  let at = 0;
  const take = (size: number): Uint8Array => {
    at += size;
    return output.subarray(at - size, at);
  };
  while (at < output.length) {
    const width = output.readUInt32LE(at);
    const height = output.readUInt32LE(at + 4);
    at += 8;
    const luma = width * height;
    pictures.push({ width, height, y: take(luma), u: take(luma / 4), v: take(luma / 4) });
  }
  return pictures;
}

/** Luma of ITU-R BT.601 in limited range, in floating point: what the picture should decode to. */
function luma(pixel: number): number {
  const red = (pixel >> 16) & 0xff;
  const green = (pixel >> 8) & 0xff;
  const blue = pixel & 0xff;
  return 16 + (219 * (0.299 * red + 0.587 * green + 0.114 * blue)) / 255;
}

/** Peak signal-to-noise ratio of the luma in dB; Infinity when there is no difference. */
export function lumaPsnr(picture: DecodedPicture, pixels: Uint32Array): number {
  let squares = 0;
  for (const [index, decoded] of picture.y.entries()) {
    squares += (decoded - luma(pixels[index] ?? 0)) ** 2;
  }
  return 10 * Math.log10(255 ** 2 / (squares / picture.y.length));
}
