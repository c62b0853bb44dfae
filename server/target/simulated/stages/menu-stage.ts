import type { Canvas } from '../canvas.js';
import { VGA_FONT } from '../font.js';
import type { KeyEvent } from '../pc-keyboard.js';
import { roundRect } from '../shapes.js';
import type { Stage, StageHost } from '../stage.js';
import { drawSunMark } from '../sun-mark.js';

const ENTRIES: ReadonlyArray<{ label: string; run: (host: StageHost) => void }> = [
  { label: 'Duskline desktop', run: (host) => host.go('desktop') },
  { label: 'Duskline text console', run: (host) => host.go('console') },
  { label: 'Restart', run: (host) => host.restart() },
  { label: 'Power off', run: (host) => host.powerOff() },
];
const TIMEOUT_S = 5;
const INK = 0xd8dce6;
const DIM = 0xb7a9dd;
const BRIGHT = 0xffffff;
const BOX = { x: 96, y: 224, width: 448, height: 168 };
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
    if (!full && !this.#changed) return false;
    this.#changed = false;
    paintGround(canvas);
    ENTRIES.forEach(({ label }, index) => {
      const y = BOX.y + 20 + index * ROW_HEIGHT;
      const selected = index === this.#selected;
      if (selected) {
        const bar = { x: BOX.x + 12, y, width: BOX.width - 24, height: ROW_HEIGHT };
        roundRect(canvas, bar, 6, 0xe8756f);
      }
      VGA_FONT.text(canvas, BOX.x + 32, y + 8, `${index + 1}  ${label}`, selected ? BRIGHT : INK);
    });
    const note =
      this.#countdown === undefined
        ? 'Choose with the arrow keys, start with Enter'
        : `Starting the desktop in ${this.#countdown} s. Any key stops the clock.`;
    centred(canvas, BOX.y + BOX.height + 22, note, DIM);
    return true;
  }

  resized(): void {}

  text(): string {
    return ENTRIES.map(
      ({ label }, index) => `${index === this.#selected ? '>' : ' '} ${label}`,
    ).join('\n');
  }
}

function paintGround(canvas: Canvas): void {
  canvas.gradient(0, 0, canvas.width, canvas.height, 0x0f0d2a, 0x43235f);
  drawSunMark(canvas, canvas.width / 2, 116, 84);
  centred(canvas, 159, 'DUSKLINE', 0x1a1233, 3);
  centred(canvas, 156, 'DUSKLINE', 0xfff0d4, 3);
  roundRect(
    canvas,
    { x: BOX.x - 1, y: BOX.y - 1, width: BOX.width + 2, height: BOX.height + 2 },
    11,
    0x7a62b5,
  );
  roundRect(canvas, BOX, 10, 0x17143a);
  VGA_FONT.text(canvas, 16, canvas.height - 28, 'bronya', 0x9a86c8);
  const version = 'boot loader 1.7';
  const left = canvas.width - 16 - VGA_FONT.measure(version);
  VGA_FONT.text(canvas, left, canvas.height - 28, version, 0x9a86c8);
}

function centred(canvas: Canvas, y: number, text: string, color: number, scale = 1): void {
  const x = Math.round((canvas.width - VGA_FONT.measure(text, scale)) / 2);
  VGA_FONT.text(canvas, x, y, text, color, scale);
}
