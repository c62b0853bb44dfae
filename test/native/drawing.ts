/** A picture to draw into: 32-bit words 0x00RRGGBB, rows without padding. */
export interface Canvas {
  pixels: Uint32Array;
  width: number;
  height: number;
}

const GLYPH_WIDTH = 8;
const LINE_HEIGHT = 16;

/** A small generator of repeatable numbers (mulberry32), from 0 up to 1. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function fillRect(
  canvas: Canvas,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: number,
): void {
  for (let row = y; row < y + height; row++) {
    const start = row * canvas.width + x;
    canvas.pixels.fill(colour, start, start + width);
  }
}

/** Something as hard to code as a letter: two or three one-pixel strokes that depend on `code`. */
export function drawGlyph(
  canvas: Canvas,
  x: number,
  y: number,
  code: number,
  colour: number,
): void {
  const random = randomNumbers(code);
  const stem = 1 + Math.floor(random() * 3);
  for (let row = 3; row < 13; row++) canvas.pixels[(y + row) * canvas.width + x + stem] = colour;
  for (let stroke = 0; stroke < 2; stroke++) {
    const row = 3 + Math.floor(random() * 10);
    for (let column = stem; column < 7; column++) {
      canvas.pixels[(y + row) * canvas.width + x + column] = colour;
    }
  }
}

/** A page of text from `firstLine` on, dark on light; another first line is the same text scrolled. */
export function drawTextPage(
  canvas: Canvas,
  x: number,
  y: number,
  width: number,
  height: number,
  firstLine: number,
): void {
  fillRect(canvas, x, y, width, height, 0xf4f4f0);
  const columns = Math.floor(width / GLYPH_WIDTH);
  const lines = Math.floor(height / LINE_HEIGHT);
  for (let line = 0; line < lines; line++) {
    const random = randomNumbers(firstLine + line + 1000);
    const length = Math.floor(columns * (0.3 + 0.6 * random()));
    for (let column = 0; column < length; column++) {
      const code = Math.floor(random() * 60);
      if (code < 50)
        drawGlyph(canvas, x + column * GLYPH_WIDTH, y + line * LINE_HEIGHT, code, 0x202428);
    }
  }
}

/** A desktop: a gradient, a panel, two windows with text. */
export function drawDesktop(canvas: Canvas, firstLine = 0): void {
  const { width, height } = canvas;
  for (let row = 0; row < height; row++) {
    const shade = 40 + Math.floor((row * 100) / height);
    fillRect(canvas, 0, row, width, 1, (shade << 8) | (shade + 40));
  }
  fillRect(canvas, 0, height - 32, width, 32, 0x303030);
  const windowWidth = Math.floor(width * 0.44);
  const windowHeight = Math.floor(height * 0.7);
  for (const [index, x] of [Math.floor(width * 0.04), Math.floor(width * 0.52)].entries()) {
    fillRect(canvas, x, 40, windowWidth, 24, index === 0 ? 0x3366cc : 0x888888);
    drawTextPage(
      canvas,
      x,
      64,
      windowWidth,
      windowHeight,
      index === 0 ? firstLine : firstLine + 500,
    );
  }
}
