import type { Canvas } from '../canvas.js';
import type { KeyEvent } from '../pc-keyboard.js';
import type { PointerEvent } from '../pc-mouse.js';
import { createRandom } from '../random.js';
import type { StageHost } from '../stage.js';
import { Button, DARK_LOOK } from './button.js';
import { drawPlasma } from './plasma.js';
import { drawTorus } from './torus.js';
import type { WindowContent } from './window-content.js';

const BAR_HEIGHT = 44;
const PICTURE_HEIGHT = 214;
const STARS = 70;
/** A new position at most this often; the frame rate of the video output may be lower. */
const STEP_MS = 1000 / 60;

type Show = 'torus' | 'plasma';

/** The moving picture: a turning torus or a plasma, as functions of time, with a pause button. */
export class MotionContent implements WindowContent {
  readonly title = 'Motion';
  readonly width = 340;
  readonly height = PICTURE_HEIGHT + BAR_HEIGHT;
  readonly light = false;
  readonly #host: StageHost;
  readonly #buttons: readonly Button[];
  readonly #stars: ReadonlyArray<{ x: number; y: number; alpha: number }>;
  #show: Show = 'torus';
  /** Time of the picture: stands still while paused. */
  #shownMs = 0;
  #startedMs: number;
  #paused = false;
  #paintedMs = Number.NEGATIVE_INFINITY;
  #barChanged = true;

  constructor(host: StageHost) {
    this.#host = host;
    this.#startedMs = host.timers.nowMs;
    const random = createRandom(5);
    this.#stars = Array.from({ length: STARS }, () => ({
      x: Math.floor(random() * this.width),
      y: Math.floor(random() * PICTURE_HEIGHT),
      alpha: Math.floor(40 + random() * 150),
    }));
    const area = (index: number) => ({
      x: 10 + index * 109,
      y: PICTURE_HEIGHT + 9,
      width: 102,
      height: 26,
    });
    const choose = (show: Show) => () => {
      this.#show = show;
      this.#paintedMs = Number.NEGATIVE_INFINITY;
    };
    this.#buttons = [
      new Button(area(0), 'Torus', DARK_LOOK, choose('torus'), () => this.#show === 'torus'),
      new Button(area(1), 'Plasma', DARK_LOOK, choose('plasma'), () => this.#show === 'plasma'),
      new Button(
        area(2),
        'Pause',
        DARK_LOOK,
        () => this.#togglePause(),
        () => this.#paused,
      ),
    ];
  }

  get paintDueMs(): number {
    if (this.#barChanged) return this.#host.timers.nowMs;
    if (this.#paused && this.#paintedMs > 0) return Number.POSITIVE_INFINITY;
    return this.#paintedMs + STEP_MS;
  }

  paint(canvas: Canvas, full: boolean): boolean {
    const now = this.#host.timers.nowMs;
    if (!this.#paused) this.#shownMs = now - this.#startedMs;
    this.#paintedMs = now;
    canvas.setClip({ x: 0, y: 0, width: this.width, height: PICTURE_HEIGHT });
    if (this.#show === 'plasma') drawPlasma(canvas, PICTURE_HEIGHT, this.#shownMs);
    else {
      canvas.gradient(0, 0, this.width, PICTURE_HEIGHT, 0x120f2e, 0x3b2160);
      for (const { x, y, alpha } of this.#stars) canvas.plot(x, y, 0xfff4e0, alpha);
      drawTorus(canvas, PICTURE_HEIGHT, this.#shownMs);
    }
    canvas.setClip();
    if (this.#barChanged || full) {
      this.#barChanged = false;
      canvas.fill(0, PICTURE_HEIGHT, this.width, BAR_HEIGHT, 0x1c1930);
      for (const button of this.#buttons) button.paint(canvas);
    }
    return true;
  }

  key(event: KeyEvent): void {
    if (event.pressed && !event.repeat && event.character === ' ') this.#togglePause();
  }

  pointer(event: PointerEvent): void {
    for (const button of this.#buttons)
      this.#barChanged = button.pointer(event) || this.#barChanged;
  }

  #togglePause(): void {
    this.#paused = !this.#paused;
    if (!this.#paused) this.#startedMs = this.#host.timers.nowMs - this.#shownMs;
    this.#barChanged = true;
  }

  text(): string {
    return `${this.#show}${this.#paused ? ', paused' : ''}`;
  }

  close(): void {
    // It has no timers: the picture follows from the time.
  }
}
