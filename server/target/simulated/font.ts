import type { Canvas } from './canvas.js';
import { FONT_9X15 } from './font-9x15.js';
import { FONT_9X15_BOLD } from './font-9x15-bold.js';
import { FONT_10X20 } from './font-10x20.js';

/** A glyph as horizontal runs: x, y, length, three numbers each. */
type Glyph = Uint8Array;

/** A fixed-width bitmap font. Characters without a glyph show as a question mark. */
export class Font {
  readonly width: number;
  readonly height: number;
  readonly #glyphs = new Map<number, Glyph>();
  readonly #missing: Glyph;

  /** `table` is in the form that the font files describe; `height` may exceed its rows, see {@link parseRuns}. */
  constructor(table: string, width: number, rows: number, height = rows) {
    this.width = width;
    this.height = height;
    for (const line of table.trim().split('\n')) {
      const code = Number.parseInt(line.slice(0, 4), 16);
      this.#glyphs.set(code, parseRuns(code, line.slice(5), width, rows, height));
    }
    this.#missing = this.#glyphs.get(0x3f) ?? new Uint8Array();
  }

  /** Draws one character; pixels outside the clip stay. `scale` enlarges it by whole pixels. */
  glyph(canvas: Canvas, x: number, y: number, code: number, color: number, scale = 1): void {
    const runs = this.#glyphs.get(code) ?? this.#missing;
    const { clip, pixels, width } = canvas;
    const inside =
      scale === 1 &&
      x >= clip.x &&
      y >= clip.y &&
      x + this.width <= clip.x + clip.width &&
      y + this.height <= clip.y + clip.height;
    for (let at = 0; at < runs.length; at += 3) {
      const dx = runs[at] as number;
      const dy = runs[at + 1] as number;
      const length = runs[at + 2] as number;
      if (inside) {
        let pixel = (y + dy) * width + x + dx;
        for (const end = pixel + length; pixel < end; pixel++) pixels[pixel] = color;
      } else {
        canvas.fill(x + dx * scale, y + dy * scale, length * scale, scale, color);
      }
    }
  }

  /** Draws a line of text and returns the x after it. */
  text(canvas: Canvas, x: number, y: number, text: string, color: number, scale = 1): number {
    let left = x;
    for (const character of text) {
      this.glyph(canvas, left, y, character.codePointAt(0) ?? 0, color, scale);
      left += this.width * scale;
    }
    return left;
  }

  /** Width of a line of text in pixels. */
  measure(text: string, scale = 1): number {
    return [...text].length * this.width * scale;
  }
}

/** Cuts rows into runs. A taller cell repeats the top row of line and block characters, so that they join. */
function parseRuns(code: number, hex: string, width: number, rows: number, height: number): Glyph {
  const extra = height - rows;
  const joins = code >= 0x2500 && code <= 0x2593;
  const runs: number[] = [];
  for (let y = 0; y < height; y++) {
    const row = y >= extra ? y - extra : joins ? 0 : -1;
    if (row < 0) continue;
    const bits = Number.parseInt(hex.slice(row * 3, row * 3 + 3), 16);
    let start = -1;
    for (let x = 0; x <= width; x++) {
      const set = x < width && (bits >> (width - 1 - x)) & 1;
      if (set && start < 0) start = x;
      if (!set && start >= 0) {
        runs.push(start, y, x - start);
        start = -1;
      }
    }
  }
  return Uint8Array.from(runs);
}

/** 9x16 cells: 80 by 25 of them are the 720x400 of a VGA text screen. */
export const VGA_FONT = new Font(FONT_9X15, 9, 15, 16);
/** Text in windows. */
export const UI_FONT = new Font(FONT_9X15, 9, 15);
/** Titles and what should stand out. */
export const BOLD_FONT = new Font(FONT_9X15_BOLD, 9, 15);
/** The text console. */
export const CONSOLE_FONT = new Font(FONT_10X20, 10, 20);
