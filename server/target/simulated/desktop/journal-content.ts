import type { Canvas } from '../canvas.js';
import { VGA_FONT } from '../font.js';
import type { PointerEvent } from '../pc-mouse.js';
import { journalLine } from '../shell-commands.js';
import type { StageHost } from '../stage.js';
import { TextGrid } from '../text-grid.js';
import { CONSOLE_THEME } from '../themes.js';
import type { WindowContent } from './window-content.js';

const PADDING = 8;
const COLUMNS = 58;
const ROWS = 9;
const LINE_PERIOD_MS = 700;

/** Text that scrolls by itself: the system's journal. */
export class JournalContent implements WindowContent {
  readonly title = 'Journal';
  readonly width = COLUMNS * VGA_FONT.width + 2 * PADDING;
  readonly height = ROWS * VGA_FONT.height + 2 * PADDING;
  readonly light = false;
  readonly #host: StageHost;
  readonly #grid = new TextGrid(COLUMNS, ROWS, CONSOLE_THEME);
  readonly #stop: () => void;

  constructor(host: StageHost) {
    this.#host = host;
    for (let row = 0; row < ROWS; row++) this.#write();
    this.#stop = host.timers.every(LINE_PERIOD_MS, () => this.#write(), true);
  }

  #write(): void {
    this.#grid.write(`${this.#grid.cursorX > 0 ? '\n' : ''}${journalLine(this.#host)}`);
  }

  get paintDueMs(): number {
    return this.#grid.changed ? this.#host.timers.nowMs : Number.POSITIVE_INFINITY;
  }

  paint(canvas: Canvas, full: boolean): boolean {
    if (full) canvas.fill(0, 0, canvas.width, canvas.height, CONSOLE_THEME.palette[0] as number);
    return this.#grid.paint(canvas, PADDING, PADDING, VGA_FONT, false, full) || full;
  }

  key(): void {
    // It only shows.
  }

  pointer(event: PointerEvent): void {
    if (event.wheel !== 0) this.#grid.scrollBack(event.wheel);
  }

  text(): string {
    return this.#grid.text();
  }

  close(): void {
    this.#stop();
  }
}
