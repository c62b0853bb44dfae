import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const NATIVE = fileURLToPath(new URL('../../../native/', import.meta.url));

/** How much chroma there is: of each pixel, half of it in one direction or in both, none. */
export type Sampling = '4:4:4' | '4:2:2' | '4:4:0' | '4:2:0' | 'grey' | 'cmyk';
/** 'optimized' has Huffman tables of its own. */
export type Variant = 'plain' | 'progressive' | 'arithmetic' | 'optimized';

export interface Size {
  width: number;
  height: number;
}

let built = false;

function jpegTool(words: readonly (string | number)[], input: Uint8Array): Buffer {
  // Without the sanitizers that the test itself may run under.
  const { LD_PRELOAD: _preloaded, ...env } = process.env;
  if (!built) execFileSync('make', ['-s', '-C', NATIVE, 'jpeg-tool'], { env });
  built = true;
  const options = { env, input, maxBuffer: 2 ** 31 };
  return execFileSync(`${NATIVE}build/jpeg-tool`, words.map(String), options);
}

/** Codes RGB (3 bytes a pixel; 4 for cmyk). */
export function encodeJpeg(
  rgb: Uint8Array,
  { width, height }: Size,
  sampling: Sampling,
  variant: Variant = 'plain',
): Buffer {
  return jpegTool(['encode', width, height, sampling, variant], rgb);
}

/** What our decoder makes of each: I420, or null when it is broken. Throws when the decoder dies. */
export function decodeJpegs(
  jpegs: readonly Uint8Array[],
  { width, height }: Size,
): (Buffer | null)[] {
  const parts = jpegs.flatMap((jpeg) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(jpeg.length);
    return [size, jpeg];
  });
  const output = jpegTool(['decode', width, height], Buffer.concat(parts));
  const length = (width * height * 3) / 2;
  const pictures: (Buffer | null)[] = [];
  for (let at = 0; at < output.length; ) {
    const whole = output[at] === 1;
    at += 1;
    pictures.push(whole ? output.subarray(at, at + length) : null);
    if (whole) at += length;
  }
  return pictures;
}
