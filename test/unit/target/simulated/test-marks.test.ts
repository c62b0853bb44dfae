import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom } from '../../../../server/target/simulated/random.js';
import {
  BLOCK_PX,
  decodeMarks,
  decodePatch,
  encodeMarks,
  PATCH,
  STRIP,
  STRIP_COLUMNS,
  type TestMarks,
} from '../../../../server/target/simulated/test-marks.js';

const WIDTH = 640;
const HEIGHT = 48;

/** The marks on a grey ground as RGBA, as a page gets them from a canvas. */
function draw(marks: TestMarks, patchWhite = false): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(110);
  const fill = (x: number, y: number, width: number, height: number, value: number) => {
    for (let row = y; row < y + height; row++) {
      rgba.fill(value, (row * WIDTH + x) * 4, (row * WIDTH + x + width) * 4);
    }
  };
  encodeMarks(marks).forEach((white, index) => {
    const x = STRIP.x + (index % STRIP_COLUMNS) * BLOCK_PX;
    const y = STRIP.y + Math.floor(index / STRIP_COLUMNS) * BLOCK_PX;
    fill(x, y, BLOCK_PX, BLOCK_PX, white ? 235 : 16);
  });
  fill(PATCH.x, PATCH.y, PATCH.width, PATCH.height, patchWhite ? 235 : 16);
  return rgba;
}

describe('test marks', () => {
  it('fill the strip exactly and come back unchanged', () => {
    assert.equal(
      encodeMarks({ frame: 0, timestampUs: 0 }).length * BLOCK_PX ** 2,
      STRIP.width * STRIP.height,
    );
    for (const marks of [
      { frame: 0, timestampUs: 0 },
      { frame: 1, timestampUs: 123_456_789_012 },
      { frame: 0xffffff, timestampUs: 2 ** 48 - 1 },
    ]) {
      assert.deepEqual(decodeMarks(draw(marks), WIDTH), marks);
    }
  });

  it('wrap the frame number at 24 bits', () => {
    assert.equal(decodeMarks(draw({ frame: 2 ** 24 + 5, timestampUs: 0 }), WIDTH)?.frame, 5);
  });

  it('survive blur over block edges and noise', () => {
    const random = createRandom(3);
    const marks = { frame: 4711, timestampUs: 987_654_321_098 };
    const sharp = draw(marks, true);
    const rgba = sharp.map((value, at) => {
      const left = sharp[Math.max(0, at - 8)] ?? value;
      const right = sharp[at + 8] ?? value;
      return (value * 2 + left + right) / 4 + (random() - 0.5) * 120;
    });
    assert.deepEqual(decodeMarks(rgba, WIDTH), marks);
    assert.equal(decodePatch(rgba, WIDTH), true);
  });

  it('are not found in a picture without them', () => {
    assert.equal(decodeMarks(new Uint8ClampedArray(WIDTH * HEIGHT * 4), WIDTH), undefined);
    assert.equal(
      decodeMarks(new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255), WIDTH),
      undefined,
    );
  });

  it('refuse a strip with any single block turned round', () => {
    const blocks = STRIP_COLUMNS * 2;
    for (let block = 0; block < blocks; block++) {
      const rgba = draw({ frame: 77, timestampUs: 5_000_000 });
      for (let row = 0; row < BLOCK_PX; row++) {
        const y = Math.floor(block / STRIP_COLUMNS) * BLOCK_PX + row;
        const at = (y * WIDTH + (block % STRIP_COLUMNS) * BLOCK_PX) * 4;
        for (let byte = at; byte < at + BLOCK_PX * 4; byte++) rgba[byte] = 255 - (rgba[byte] ?? 0);
      }
      assert.equal(decodeMarks(rgba, WIDTH), undefined, `block ${block}`);
    }
  });

  it('tell the two sides of the patch', () => {
    const marks = { frame: 1, timestampUs: 1 };
    assert.equal(decodePatch(draw(marks, true), WIDTH), true);
    assert.equal(decodePatch(draw(marks, false), WIDTH), false);
  });
});
