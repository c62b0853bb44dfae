import { Blink } from '../blink.js';
import type { Canvas } from '../canvas.js';
import { VGA_FONT } from '../font.js';
import type { KeyEvent } from '../pc-keyboard.js';
import type { StageHost } from '../stage.js';
import type { WindowContent } from './window-content.js';

const PADDING = 16;
const COLUMNS = 46;
const ROWS = 13;
const LINE_HEIGHT = 20;
const PAPER = 0xfffdf6;
const RULE = 0xe9e3d4;
const INK = 0x2a2440;
const CARET = 0xc8505a;

/** A sheet of paper that takes typed text. */
export class NotesContent implements WindowContent {
  readonly title = 'Notes';
  readonly width = COLUMNS * VGA_FONT.width + 2 * PADDING;
  readonly height = ROWS * LINE_HEIGHT + 2 * PADDING;
  readonly light = true;
  readonly #host: StageHost;
  readonly #blink = new Blink();
  #text = '';
  /** Characters before the caret. */
  #caret = 0;
  #changed = true;
  #paintedBlink = false;
  #paintedMs = 0;

  constructor(host: StageHost) {
    this.#host = host;
    this.#blink.restart(host.timers.nowMs);
  }

  get paintDueMs(): number {
    const now = this.#host.timers.nowMs;
    if (this.#changed || this.#blink.shown(now) !== this.#paintedBlink) return now;
    return this.#blink.nextMs(this.#paintedMs);
  }

  paint(canvas: Canvas, full: boolean, focused: boolean): boolean {
    this.#paintedMs = this.#host.timers.nowMs;
    const caret = this.#blink.shown(this.#paintedMs);
    if (!full && !this.#changed && caret === this.#paintedBlink) return false;
    this.#changed = false;
    this.#paintedBlink = caret;
    canvas.fill(0, 0, canvas.width, canvas.height, PAPER);
    for (let row = 1; row <= ROWS; row++) {
      canvas.fill(0, PADDING + row * LINE_HEIGHT - 1, canvas.width, 1, RULE);
    }
    const { lines, row, column } = this.#wrapped();
    const first = Math.max(0, row - ROWS + 1);
    lines.slice(first, first + ROWS).forEach((text, index) => {
      VGA_FONT.text(canvas, PADDING, PADDING + index * LINE_HEIGHT + 1, text, INK);
    });
    if (caret && focused) {
      const x = PADDING + column * VGA_FONT.width;
      canvas.fill(x, PADDING + (row - first) * LINE_HEIGHT, 2, LINE_HEIGHT - 2, CARET);
    }
    return true;
  }

  /** The text cut into lines of the sheet, and where the caret is in them. */
  #wrapped(): { lines: string[]; row: number; column: number } {
    const lines = [''];
    let row = 0;
    let column = 0;
    for (let at = 0; at <= this.#text.length; at++) {
      const character = this.#text[at];
      const last = lines[lines.length - 1] as string;
      if (last.length === COLUMNS && character !== '\n') lines.push('');
      if (at === this.#caret) {
        row = lines.length - 1;
        column = (lines[row] as string).length;
      }
      if (character === '\n') lines.push('');
      else if (character !== undefined) lines[lines.length - 1] += character;
    }
    return { lines, row, column };
  }

  key(event: KeyEvent): void {
    if (!event.pressed) return;
    this.#blink.restart(this.#host.timers.nowMs);
    this.#changed = true;
    const before = this.#text.slice(0, this.#caret);
    const after = this.#text.slice(this.#caret);
    const typed = event.key === 'Enter' ? '\n' : event.key === 'Tab' ? '  ' : event.character;
    if (typed) {
      this.#text = before + typed + after;
      this.#caret += typed.length;
    } else if (event.key === 'Backspace' && this.#caret > 0) {
      this.#text = before.slice(0, -1) + after;
      this.#caret--;
    } else if (event.key === 'Delete') this.#text = before + after.slice(1);
    else if (event.key === 'ArrowLeft') this.#caret = Math.max(0, this.#caret - 1);
    else if (event.key === 'ArrowRight') this.#caret = Math.min(this.#text.length, this.#caret + 1);
    else if (event.key === 'Home') this.#caret = before.lastIndexOf('\n') + 1;
    else if (event.key === 'End') {
      const end = after.indexOf('\n');
      this.#caret += end < 0 ? after.length : end;
    }
  }

  pointer(): void {
    // The caret moves by keys only.
  }

  text(): string {
    return this.#text;
  }

  close(): void {
    // It has no timers.
  }
}
