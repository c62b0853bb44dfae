import { readFile, writeFile } from 'node:fs/promises';

/** Recorded access units: a keyframe first, so that they can be played in a loop. */
export interface RecordedPictures {
  width: number;
  height: number;
  /** Pictures per second to play them at. */
  frameRate: number;
  units: Array<{ data: Buffer; keyframe: boolean }>;
}

/** Bits per second when played. */
export function bitrateOf({ units, frameRate }: RecordedPictures): number {
  const bytes = units.reduce((sum, { data }) => sum + data.length, 0);
  return (bytes * 8 * frameRate) / units.length;
}

/** Writes a line of JSON, then the units one after the other. */
export async function writePictures(path: string, pictures: RecordedPictures): Promise<void> {
  const { width, height, frameRate, units } = pictures;
  const sizes = units.map(({ data }) => data.length);
  const keyframes = units.map(({ keyframe }) => keyframe);
  const header = `${JSON.stringify({ width, height, frameRate, sizes, keyframes })}\n`;
  await writeFile(path, Buffer.concat([Buffer.from(header), ...units.map(({ data }) => data)]));
}

export async function readPictures(path: string): Promise<RecordedPictures> {
  const content = await readFile(path);
  const line = content.indexOf('\n');
  const { sizes, keyframes, ...rest } = JSON.parse(content.toString('utf8', 0, line)) as {
    width: number;
    height: number;
    frameRate: number;
    sizes: number[];
    keyframes: boolean[];
  };
  let at = line + 1;
  const units = sizes.map((size, index) => {
    const data = content.subarray(at, at + size);
    at += size;
    return { data, keyframe: keyframes[index] ?? false };
  });
  return { ...rest, units };
}
