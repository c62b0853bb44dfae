import type { Canvas } from '../canvas.js';
import { VGA_FONT } from '../font.js';
import type { KeyEvent } from '../pc-keyboard.js';
import type { Stage, StageHost } from '../stage.js';

const ENTRIES: ReadonlyArray<{ label: string; run: (host: StageHost) => void }> = [
  { label: 'Duskline desktop', run: (host) => host.go('desktop') },
  { label: 'Duskline text console', run: (host) => host.go('console') },
  { label: 'Restart', run: (host) => host.restart() },
  { label: 'Power off', run: (host) => host.powerOff() },
];
const TIMEOUT_S = 5;
const INK = 0xd8dce6;
const DIM = 0x8d86b5;
const BRIGHT = 0xffffff;
const BOX = { x: 96, y: 148, width: 448, height: 168 };
const ROW_HEIGHT = 32;

/** The boot menu: choose by arrow keys and Enter; the first entry starts by itself. */
export class MenuStage implements Stage {
  readonly name = 'menu';
  readonly #host: StageHost;
  #selected = 0;
  /** Seconds until the first entry starts; undefined once the user has touched a key. */
  #countdown: number | undefined;
  #changed = true;

  constructor(host: StageHost) {
    this.#host = host;
    if (host.menuStopped) return;
    this.#countdown = TIMEOUT_S;
    host.timers.every(1000, () => {
      if (this.#countdown === undefined) return;
      this.#countdown--;
      this.#changed = true;
      if (this.#countdown === 0) ENTRIES[0]?.run(host);
    });
  }

  key(event: KeyEvent): void {
    if (!event.pressed || (event.usage >= 0xe0 && event.usage <= 0xe7)) return;
    this.#countdown = undefined;
    this.#changed = true;
    const count = ENTRIES.length;
    if (event.key === 'ArrowUp') this.#selected = (this.#selected + count - 1) % count;
    else if (event.key === 'ArrowDown') this.#selected = (this.#selected + 1) % count;
    else if (event.key === 'Enter') ENTRIES[this.#selected]?.run(this.#host);
    else if (event.character >= '1' && event.character <= String(count)) {
      ENTRIES[Number(event.character) - 1]?.run(this.#host);
    }
  }

  pointer(): void {
    // The boot loader has no mouse driver.
  }

  get paintDueMs(): number {
    return this.#changed ? this.#host.timers.nowMs : Number.POSITIVE_INFINITY;
  }

  paint(canvas: Canvas, full: boolean): boolean {
    if (full) this.#paintGround(canvas);
    if (!full && !this.#changed) return false;
    this.#changed = false;
    ENTRIES.forEach(({ label }, index) => {
      const y = BOX.y + 20 + index * ROW_HEIGHT;
      const selected = index === this.#selected;
      canvas.fill(BOX.x + 12, y, BOX.width - 24, ROW_HEIGHT, selected ? 0xe8756f : 0x1a1740);
      VGA_FONT.text(canvas, BOX.x + 32, y + 8, `${index + 1}  ${label}`, selected ? BRIGHT : INK);
    });
    canvas.fill(0, BOX.y + BOX.height + 24, canvas.width, VGA_FONT.height, 0x120f2e);
    const note =
      this.#countdown === undefined
        ? 'Choose with the arrow keys, start with Enter'
        : `Starting the desktop in ${this.#countdown} s. Any key stops the clock.`;
    const x = Math.round((canvas.width - VGA_FONT.measure(note)) / 2);
    VGA_FONT.text(canvas, x, BOX.y + BOX.height + 24, note, DIM);
    return true;
  }

  #paintGround(canvas: Canvas): void {
    canvas.fill(0, 0, canvas.width, canvas.height, 0x120f2e);
    const title = 'DUSKLINE';
    const x = Math.round((canvas.width - VGA_FONT.measure(title, 4)) / 2);
    VGA_FONT.text(canvas, x + 4, 52, title, 0x3a2a6b, 4);
    VGA_FONT.text(canvas, x, 48, title, 0xffd9a0, 4);
    canvas.fill(BOX.x - 2, BOX.y - 2, BOX.width + 4, BOX.height + 4, 0x6f5aa8);
    canvas.fill(BOX.x, BOX.y, BOX.width, BOX.height, 0x1a1740);
    const foot = 'bronya  Boot loader 1.7';
    VGA_FONT.text(canvas, 16, canvas.height - 28, foot, 0x5b5590);
  }

  resized(): void {}

  text(): string {
    return ENTRIES.map(
      ({ label }, index) => `${index === this.#selected ? '>' : ' '} ${label}`,
    ).join('\n');
  }
}
