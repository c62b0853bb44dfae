import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomNumbers } from './drawing.js';
import { decodeJpegs, encodeJpeg, type Sampling, type Size } from './jpeg.js';

const SIZE = { width: 320, height: 240 };

/** Colours that change slowly, so that halved chroma is the same, with a sharp edge in the luma. */
function picture({ width, height }: Size): Buffer {
  const rgb = Buffer.alloc(width * height * 3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const lit = (column >> 4) % 2 === 0 ? 60 : 0;
      const red = (column / width) * 190;
      const blue = (row / height) * 190;
      rgb.set([red + lit, 100 + lit, blue + lit], (row * width + column) * 3);
    }
  }
  return rgb;
}

/** BT.601 in limited range, in floating point; chroma is the mean of 2x2 pixels. */
function expectedPlanes(rgb: Buffer, { width, height }: Size) {
  const colours = (row: number, column: number) =>
    [0, 1, 2].map((component) => rgb[(row * width + column) * 3 + component] ?? 0) as [
      number,
      number,
      number,
    ];
  const luma = ([red, green, blue]: [number, number, number]) =>
    0.299 * red + 0.587 * green + 0.114 * blue;
  const planes: number[][] = [[], [], []];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      planes[0]?.push(16 + (219 * luma(colours(row, column))) / 255);
      if (row % 2 === 1 || column % 2 === 1) continue;
      const block = [0, 1].flatMap((y) => [0, 1].map((x) => colours(row + y, column + x)));
      const mean = (component: 0 | 2) =>
        block.reduce((sum, pixel) => sum + pixel[component] - luma(pixel), 0) / block.length;
      planes[1]?.push(128 + ((224 / 255) * mean(2)) / 1.772);
      planes[2]?.push(128 + ((224 / 255) * mean(0)) / 1.402);
    }
  }
  return planes;
}

function meanDifference(found: Buffer, expected: readonly number[]): number {
  assert.equal(found.length, expected.length);
  const total = expected.reduce((sum, value, at) => sum + Math.abs(value - (found[at] ?? 0)), 0);
  return total / expected.length;
}

function planesOf(i420: Buffer, { width, height }: Size): Buffer[] {
  const luma = width * height;
  const quarter = luma / 4;
  return [0, luma, luma + quarter, luma + 2 * quarter].flatMap((start, index, starts) =>
    index < 3 ? [i420.subarray(start, starts[index + 1])] : [],
  );
}

/** The decoded picture of one JPEG that must be whole. */
function decoded(jpeg: Uint8Array, size: Size): Buffer {
  return decodeJpegs([jpeg], size)[0] ?? assert.fail('broken');
}

for (const sampling of ['4:4:4', '4:2:2', '4:4:0', '4:2:0', 'grey'] as const) {
  test(`${sampling} decodes to BT.601 in limited range, whatever part of a block the size leaves`, () => {
    for (const size of [SIZE, { width: 322, height: 178 }, { width: 18, height: 34 }]) {
      const rgb = picture(size);
      const planes = planesOf(decoded(encodeJpeg(rgb, size, sampling), size), size);
      const expected = expectedPlanes(rgb, size);
      for (const [index, plane] of planes.entries()) {
        const grey = sampling === 'grey' && index > 0;
        const wanted = expected[index]?.map((value) => (grey ? 128 : value)) ?? [];
        const difference = meanDifference(plane, wanted);
        assert.ok(difference < 2, `plane ${index} of ${size.width}x${size.height}: ${difference}`);
      }
    }
  });
}

test('black and white become the ends of the limited range', () => {
  for (const [level, expected] of [
    [0, 16],
    [255, 235],
  ] as const) {
    const rgb = Buffer.alloc(SIZE.width * SIZE.height * 3, level);
    const planes = planesOf(decoded(encodeJpeg(rgb, SIZE, '4:2:2'), SIZE), SIZE);
    assert.deepEqual(
      planes.map((plane) => [...new Set(plane)]),
      [[expected], [128], [128]],
    );
  }
});

test('a picture without Huffman tables is decoded with those of the standard', () => {
  const rgb = picture(SIZE);
  const jpeg = encodeJpeg(rgb, SIZE, '4:2:2');
  const bare = withoutSegments(jpeg, 0xc4);
  assert.ok(bare.length < jpeg.length);
  // Also behind a picture with tables of its own.
  const optimized = encodeJpeg(rgb, SIZE, '4:2:2', 'optimized');
  const [own, standard] = decodeJpegs([optimized, bare], SIZE);
  const expected = decoded(jpeg, SIZE);
  assert.ok(own?.equals(expected) && standard?.equals(expected));
});

test('padding before the end and behind it is no fault', () => {
  const jpeg = encodeJpeg(picture(SIZE), SIZE, '4:2:0');
  const padded = Buffer.concat([
    jpeg.subarray(0, -2),
    Buffer.from([0, 0, 0]),
    jpeg.subarray(-2),
    Buffer.alloc(500),
  ]);
  assert.ok(decoded(padded, SIZE).equals(decoded(jpeg, SIZE)));
});

test('what is cut off, of another size, or not coded as cameras do, is broken', () => {
  const rgb = picture(SIZE);
  const jpeg = encodeJpeg(rgb, SIZE, '4:2:2');
  const cmyk = Buffer.alloc(SIZE.width * SIZE.height * 4);
  const broken: [string, Uint8Array][] = [
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(1000)],
    ['another size', encodeJpeg(rgb, { width: 240, height: 320 }, '4:2:2')],
    ['progressive', encodeJpeg(rgb, SIZE, '4:2:2', 'progressive')],
    ['arithmetic', encodeJpeg(rgb, SIZE, '4:2:2', 'arithmetic')],
    ['four colours', encodeJpeg(cmyk, SIZE, 'cmyk')],
    ['no quantizer tables', withoutSegments(jpeg, 0xdb)],
  ];
  for (let part = 1; part < 20; part++) {
    const length = Math.floor((jpeg.length * part) / 20);
    broken.push([`the first ${length} of ${jpeg.length} bytes`, jpeg.subarray(0, length)]);
  }
  const results = decodeJpegs(
    broken.map(([, bytes]) => bytes),
    SIZE,
  );
  for (const [index, [name]] of broken.entries()) assert.equal(results[index], null, name);
});

test('3000 damaged pictures neither kill the decoder nor spoil the whole ones between them', () => {
  const random = randomNumbers(1);
  const below = (limit: number) => Math.floor(random() * limit);
  const samplings: Sampling[] = ['4:4:4', '4:2:2', '4:2:0', 'grey'];
  const size = { width: 96, height: 80 };
  const jpegs = samplings.map((sampling) => encodeJpeg(picture(size), size, sampling));
  const wholes = decodeJpegs(jpegs, size);
  const stream: Uint8Array[] = [];
  for (let round = 0; round < 3000; round++) {
    const jpeg = jpegs[round % jpegs.length] as Buffer;
    const damaged = Buffer.from(jpeg.subarray(0, below(4) === 0 ? below(jpeg.length) : undefined));
    // Half of the time among the headers, where the sizes are.
    const area = below(2) === 0 ? Math.min(700, damaged.length) : damaged.length;
    for (let change = 1 + below(8); change > 0 && area > 0; change--)
      damaged[below(area)] = below(256);
    stream.push(damaged, jpeg);
  }
  const results = decodeJpegs(stream, size);
  assert.equal(results.length, stream.length);
  let broken = 0;
  for (let round = 0; round < 3000; round++) {
    if (results[2 * round] === null) broken++;
    const whole = results[2 * round + 1];
    assert.ok(whole && wholes[round % jpegs.length]?.equals(whole), `the picture after ${round}`);
  }
  // Some changes only change the picture.
  assert.ok(broken > 1000 && broken < 3000, `${broken} broken`);
});

/** The JPEG without the segments of one marker in front of the picture itself. */
function withoutSegments(jpeg: Buffer, marker: number): Buffer {
  const START_OF_SCAN = 0xda;
  const kept = [jpeg.subarray(0, 2)];
  let at = 2;
  while (jpeg[at + 1] !== START_OF_SCAN) {
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (jpeg[at + 1] !== marker) kept.push(jpeg.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, jpeg.subarray(at)]);
}
