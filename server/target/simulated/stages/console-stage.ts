import { Blink } from '../blink.js';
import type { Canvas } from '../canvas.js';
import { CONSOLE_FONT } from '../font.js';
import type { KeyEvent } from '../pc-keyboard.js';
import type { PointerEvent } from '../pc-mouse.js';
import { Shell } from '../shell.js';
import type { Stage, StageHost } from '../stage.js';
import { TextGrid } from '../text-grid.js';
import { CONSOLE_THEME } from '../themes.js';

const WHEEL_LINES = 3;
const GREETING =
  '\x1b[95mDuskline 2.4\x1b[0m bronya tty1\n\n' +
  'This computer is simulated. Type \x1b[96mhelp\x1b[0m for what it can do, ' +
  '\x1b[96mdesktop\x1b[0m for windows.\n\n';

/** The text console: a shell on the whole screen. */
export class ConsoleStage implements Stage {
  readonly name = 'console';
  readonly #host: StageHost;
  readonly #grid: TextGrid;
  readonly #shell: Shell;
  readonly #blink = new Blink();
  #paintedBlink = false;
  #paintedMs = 0;

  constructor(host: StageHost) {
    this.#host = host;
    const { columns, rows } = this.#cells;
    this.#grid = new TextGrid(columns, rows, CONSOLE_THEME);
    this.#shell = new Shell(host, this.#grid);
    this.#shell.start(GREETING);
  }

  get #cells(): { columns: number; rows: number } {
    const { width, height } = this.#host.mode;
    return {
      columns: Math.floor(width / CONSOLE_FONT.width),
      rows: Math.floor(height / CONSOLE_FONT.height),
    };
  }

  key(event: KeyEvent): void {
    this.#blink.restart(this.#host.timers.nowMs);
    this.#shell.key(event);
  }

  pointer(event: PointerEvent): void {
    if (event.wheel !== 0) this.#grid.scrollBack(event.wheel * WHEEL_LINES);
  }

  get paintDueMs(): number {
    const now = this.#host.timers.nowMs;
    if (this.#grid.changed || this.#blink.shown(now) !== this.#paintedBlink) return now;
    return this.#blink.nextMs(this.#paintedMs);
  }

  paint(canvas: Canvas, full: boolean): boolean {
    this.#paintedMs = this.#host.timers.nowMs;
    this.#paintedBlink = this.#blink.shown(this.#paintedMs);
    if (full) canvas.fill(0, 0, canvas.width, canvas.height, CONSOLE_THEME.palette[0] as number);
    return this.#grid.paint(canvas, 0, 0, CONSOLE_FONT, this.#paintedBlink, full);
  }

  resized(): void {
    const { columns, rows } = this.#cells;
    this.#grid.resize(columns, rows);
  }

  text(): string {
    return this.#grid.text();
  }
}
