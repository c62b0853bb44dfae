import type { Area, Canvas } from '../canvas.js';
import { BOLD_FONT, UI_FONT } from '../font.js';
import { LED_CAPS, LED_NUM, LED_SCROLL } from '../pc-keyboard.js';
import { disc } from '../shapes.js';
import type { StageHost } from '../stage.js';

export const PANEL_HEIGHT = 30;
const GROUND = 0x100d20;
const INK = 0xf2effa;
const DIM = 0x5f5980;
const LIT = 0x8ce99a;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const LAMPS: ReadonlyArray<readonly [label: string, bit: number]> = [
  ['NUM', LED_NUM],
  ['CAPS', LED_CAPS],
  ['SCRL', LED_SCROLL],
];
const MINUTE_MS = 60_000;

/** The bar at the top: name, date and time to the minute, and the lamps of the keyboard locks. */
export class Panel {
  readonly #host: StageHost;
  #paintedLeds = 0;
  #paintedMinute = 0;

  constructor(host: StageHost) {
    this.#host = host;
  }

  get area(): Area {
    return { x: 0, y: 0, width: this.#host.mode.width, height: PANEL_HEIGHT };
  }

  get #minute(): number {
    return Math.floor(this.#host.date.getTime() / MINUTE_MS);
  }

  /** When it next looks different. */
  get paintDueMs(): number {
    const now = this.#host.timers.nowMs;
    if (this.#host.leds !== this.#paintedLeds || this.#minute !== this.#paintedMinute) return now;
    return now + MINUTE_MS - (this.#host.date.getTime() % MINUTE_MS);
  }

  draw(canvas: Canvas): void {
    const { width } = canvas;
    const date = this.#host.date;
    this.#paintedLeds = this.#host.leds;
    this.#paintedMinute = this.#minute;
    canvas.fill(0, 0, width, PANEL_HEIGHT, GROUND);
    disc(canvas, 20, 15, 7, 0xffb27c);
    canvas.fill(12, 16, 16, 1, GROUND);
    canvas.fill(12, 19, 16, 1, GROUND);
    BOLD_FONT.text(canvas, 36, 8, 'Duskline', INK);
    const two = (value: number) => String(value).padStart(2, '0');
    const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
    const day = `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
    const clock = `${day}  ${time}`;
    BOLD_FONT.text(canvas, Math.round((width - BOLD_FONT.measure(clock)) / 2), 8, clock, INK);
    let x = width - 16;
    for (const [label, bit] of [...LAMPS].reverse()) {
      const lit = (this.#paintedLeds & bit) !== 0;
      x -= UI_FONT.measure(label);
      UI_FONT.text(canvas, x, 8, label, lit ? INK : DIM);
      x -= 12;
      disc(canvas, x + 4, 15, 3.5, lit ? LIT : 0x37324f);
      x -= 14;
    }
  }
}
