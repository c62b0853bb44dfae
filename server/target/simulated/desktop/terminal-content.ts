import { Blink } from '../blink.js';
import type { Canvas } from '../canvas.js';
import { VGA_FONT } from '../font.js';
import type { KeyEvent } from '../pc-keyboard.js';
import type { PointerEvent } from '../pc-mouse.js';
import { Shell } from '../shell.js';
import type { StageHost } from '../stage.js';
import { TextGrid } from '../text-grid.js';
import { TERMINAL_THEME } from '../themes.js';
import type { WindowContent } from './window-content.js';

const PADDING = 10;
const COLUMNS = 72;
const ROWS = 19;
const WHEEL_LINES = 3;

/** A terminal window with the shell of the text console. */
export class TerminalContent implements WindowContent {
  readonly title = 'ada@bronya: ~';
  readonly width = COLUMNS * VGA_FONT.width + 2 * PADDING;
  readonly height = ROWS * VGA_FONT.height + 2 * PADDING;
  readonly light = false;
  readonly #host: StageHost;
  readonly #grid = new TextGrid(COLUMNS, ROWS, TERMINAL_THEME);
  readonly #shell: Shell;
  readonly #blink = new Blink();
  #paintedBlink = false;
  #paintedMs = 0;

  constructor(host: StageHost) {
    this.#host = host;
    this.#blink.restart(host.timers.nowMs);
    this.#shell = new Shell(host, this.#grid);
    this.#shell.start('', 'about');
  }

  get paintDueMs(): number {
    const now = this.#host.timers.nowMs;
    if (this.#grid.changed || this.#blink.shown(now) !== this.#paintedBlink) return now;
    return this.#blink.nextMs(this.#paintedMs);
  }

  paint(canvas: Canvas, full: boolean, focused: boolean): boolean {
    this.#paintedMs = this.#host.timers.nowMs;
    this.#paintedBlink = this.#blink.shown(this.#paintedMs);
    if (full) canvas.fill(0, 0, canvas.width, canvas.height, TERMINAL_THEME.palette[0] as number);
    const cursor = this.#paintedBlink && focused;
    return this.#grid.paint(canvas, PADDING, PADDING, VGA_FONT, cursor, full) || full;
  }

  key(event: KeyEvent): void {
    this.#blink.restart(this.#host.timers.nowMs);
    this.#shell.key(event);
  }

  pointer(event: PointerEvent): void {
    if (event.wheel !== 0) this.#grid.scrollBack(event.wheel * WHEEL_LINES);
  }

  text(): string {
    return this.#grid.text();
  }

  close(): void {
    this.#shell.close();
  }
}
