import { runNativeTool, sized } from './native-tool.js';

/** How much chroma there is: of each pixel, half of it in one direction or in both, none. */
export type Sampling = '4:4:4' | '4:2:2' | '4:4:0' | '4:2:0' | 'grey' | 'cmyk';
/** 'optimized' has Huffman tables of its own. */
export type Variant = 'plain' | 'progressive' | 'arithmetic' | 'optimized';

export interface Size {
  width: number;
  height: number;
}

/** Codes RGB (3 bytes a pixel; 4 for cmyk). */
export function encodeJpeg(
  rgb: Uint8Array,
  { width, height }: Size,
  sampling: Sampling,
  variant: Variant = 'plain',
): Buffer {
  return runNativeTool('jpeg-tool', ['encode', width, height, sampling, variant], rgb);
}

/** What our decoder makes of each: I420, or null when it is broken. Throws when the decoder dies. */
export function decodeJpegs(
  jpegs: readonly Uint8Array[],
  { width, height }: Size,
): (Buffer | null)[] {
  const output = runNativeTool('jpeg-tool', ['decode', width, height], sized(jpegs));
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
