import type { Canvas } from '../canvas.js';
import { VGA_FONT } from '../font.js';
import type { KeyEvent } from '../pc-keyboard.js';
import type { Stage, StageHost } from '../stage.js';
import { drawSunMark } from '../sun-mark.js';
import { TextGrid } from '../text-grid.js';
import { VGA_THEME } from '../themes.js';

const COLUMNS = 80;
const ROWS = 25;
const MAKER = 'DUSKLINE';
const MEMORY_KB = 65536;
const MEMORY_STEP_KB = 2048;
const MEMORY_STEP_MS = 50;
const LOGO = { x: 620, y: 64, radius: 44 };

/** What the firmware finds, each after the time it takes to look. */
const FOUND: ReadonlyArray<readonly [delayMs: number, line: string]> = [
  [250, '\nVideo    : linear frame buffer, 720 x 400 text\n'],
  [150, 'USB      : host controller, 1 port, standby power\n'],
  [250, 'Keyboard : boot protocol, 104 keys ... \x1b[92mOK\x1b[0m\n'],
  [200, 'Mouse    : absolute and relative ... \x1b[92mOK\x1b[0m\n'],
  [350, 'Disk 0   : SIMULATED 64 MB, S.M.A.R.T. ... \x1b[92mOK\x1b[0m\n'],
  [250, 'Disk 1   : none\n'],
  [300, '\nBooting from disk 0 ...'],
];

/** The power-on self test on an 80 by 25 text screen: counts memory, looks for devices, starts the boot menu. */
export class PostStage implements Stage {
  readonly name = 'post';
  readonly #host: StageHost;
  readonly #grid = new TextGrid(COLUMNS, ROWS, VGA_THEME);
  #countedKb = 0;
  #setup = false;

  constructor(host: StageHost) {
    this.#host = host;
    this.#grid.write(
      '\x1b[97mDuskline Modular BIOS v2.04\x1b[0m, a firmware drawn in software\n' +
        'Copyright (C) 2026, the MyKVM authors\n\n' +
        '\x1b[97mBRONYA-64\x1b[0m Main Board, revision 1.2\n\n' +
        'Main Processor : Worker Thread, 1 core\n',
    );
    this.#grid.moveTo(0, ROWS - 2);
    this.#grid.write('Press \x1b[97mDEL\x1b[0m or \x1b[97mF12\x1b[0m to stop at the boot menu');
    this.#grid.moveTo(0, ROWS - 1);
    this.#grid.write('\x1b[90m11/22/2026-BRONYA-64-DUSK-00\x1b[0m');
    this.#countMemory();
  }

  #countMemory(): void {
    this.#grid.moveTo(0, 6);
    this.#grid.write(`Memory Testing : \x1b[97m${this.#countedKb}K\x1b[0m`);
    if (this.#countedKb < MEMORY_KB) {
      this.#countedKb += MEMORY_STEP_KB;
      this.#host.timers.after(MEMORY_STEP_MS, () => this.#countMemory());
      return;
    }
    this.#grid.write(' \x1b[92mOK\x1b[0m\n');
    this.#find(0);
  }

  #find(index: number): void {
    const [delayMs, line] = FOUND[index] ?? [600, ''];
    this.#host.timers.after(delayMs, () => {
      if (line === '') {
        this.#host.go('menu');
        return;
      }
      this.#grid.write(line);
      this.#find(index + 1);
    });
  }

  key(event: KeyEvent): void {
    if (!event.pressed || this.#setup || (event.key !== 'F12' && event.key !== 'Delete')) return;
    this.#setup = true;
    this.#host.stopAtMenu();
    const { cursorX, cursorY } = this.#grid;
    this.#grid.moveTo(0, ROWS - 2);
    this.#grid.write('\x1b[93mThe boot menu will wait for you.        \x1b[0m');
    this.#grid.moveTo(cursorX, cursorY);
  }

  pointer(): void {
    // The firmware has no mouse driver.
  }

  get paintDueMs(): number {
    return this.#grid.changed ? this.#host.timers.nowMs : Number.POSITIVE_INFINITY;
  }

  paint(canvas: Canvas, full: boolean): boolean {
    const touched = this.#grid.paint(canvas, 0, 0, VGA_FONT, true, full);
    if (touched) {
      drawSunMark(canvas, LOGO.x, LOGO.y, LOGO.radius);
      VGA_FONT.text(canvas, LOGO.x - VGA_FONT.measure(MAKER) / 2, LOGO.y + 24, MAKER, 0xd8dce6);
    }
    return touched;
  }

  resized(): void {}

  text(): string {
    return this.#grid.text();
  }
}
