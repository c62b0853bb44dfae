import type { Canvas } from '../canvas.js';
import { BOLD_FONT, UI_FONT } from '../font.js';
import { MODES, modeName } from '../modes.js';
import type { PointerEvent } from '../pc-mouse.js';
import type { StageHost } from '../stage.js';
import { Button, LIGHT_LOOK } from './button.js';
import type { WindowContent } from './window-content.js';

const MARGIN = 18;
const GAP = 10;
const BUTTON_HEIGHT = 30;
const PAPER = 0xf6f4f1;
const INK = 0x2a2440;
const DIM = 0x77708c;

/** Display modes and power. */
export class SettingsContent implements WindowContent {
  readonly title = 'Settings';
  readonly width = 380;
  readonly height = 286;
  readonly light = true;
  readonly #host: StageHost;
  readonly #buttons: Button[] = [];
  #changed = true;

  constructor(host: StageHost) {
    this.#host = host;
    const width = (this.width - 2 * MARGIN - GAP) / 2;
    const area = (index: number, top: number) => ({
      x: MARGIN + (index % 2) * (width + GAP),
      y: top + Math.floor(index / 2) * (BUTTON_HEIGHT + GAP),
      width,
      height: BUTTON_HEIGHT,
    });
    for (const [index, mode] of MODES.entries()) {
      const shape =
        mode.width * 3 === mode.height * 4 ? '4:3' : mode.height === 800 ? '16:10' : '16:9';
      const present = () => modeName(host.mode) === modeName(mode);
      const set = () => host.setMode(mode);
      this.#add(area(index, 46), `${modeName(mode)} ${shape}`, set, present);
    }
    this.#add(area(0, 198), 'Restart', () => host.restart());
    this.#add(area(1, 198), 'Sleep', () => host.sleep());
    this.#add(area(2, 198), 'Text console', () => host.go('console'));
    this.#add(area(3, 198), 'Power off', () => host.powerOff());
  }

  #add(area: Button['area'], label: string, act: () => void, chosen?: () => boolean): void {
    this.#buttons.push(new Button(area, label, LIGHT_LOOK, act, chosen));
  }

  get paintDueMs(): number {
    return this.#changed ? this.#host.timers.nowMs : Number.POSITIVE_INFINITY;
  }

  paint(canvas: Canvas, full: boolean): boolean {
    if (!this.#changed && !full) return false;
    this.#changed = false;
    canvas.fill(0, 0, canvas.width, canvas.height, PAPER);
    BOLD_FONT.text(canvas, MARGIN, 18, 'Display', INK);
    BOLD_FONT.text(canvas, MARGIN, 172, 'Power', INK);
    UI_FONT.text(canvas, MARGIN + 64, 172, 'any key switches it on again', DIM);
    for (const button of this.#buttons) button.paint(canvas);
    return true;
  }

  key(): void {
    // It is used with the mouse.
  }

  pointer(event: PointerEvent): void {
    for (const button of this.#buttons) this.#changed = button.pointer(event) || this.#changed;
  }

  text(): string {
    return this.#buttons.map(({ label }) => label).join('\n');
  }

  close(): void {
    // It has no timers.
  }
}
