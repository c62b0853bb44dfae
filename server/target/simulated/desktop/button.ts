import type { Area, Canvas } from '../canvas.js';
import { UI_FONT } from '../font.js';
import type { PointerEvent } from '../pc-mouse.js';
import { roundRect } from '../shapes.js';

/** Colours of a button: dark windows and light windows differ. */
export interface ButtonLook {
  face: number;
  hover: number;
  pressed: number;
  edge: number;
  ink: number;
}

export const LIGHT_LOOK: ButtonLook = {
  face: 0xffffff,
  hover: 0xf3eefb,
  pressed: 0xdcd2ee,
  edge: 0xb9b2c8,
  ink: 0x2a2440,
};
export const DARK_LOOK: ButtonLook = {
  face: 0x2e2a4a,
  hover: 0x3c3762,
  pressed: 0x221e3a,
  edge: 0x4d477a,
  ink: 0xe6e2f6,
};
const CHOSEN_FACE = 0xe8756f;
const CHOSEN_INK = 0xffffff;

export const contains = (area: Area, x: number, y: number): boolean =>
  x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height;

/** A button: acts when the left mouse button is released over it. */
export class Button {
  readonly area: Area;
  readonly label: string;
  readonly #look: ButtonLook;
  readonly #act: () => void;
  readonly #chosen: () => boolean;
  #hover = false;
  #down = false;

  /** `chosen` says whether the button shows as the present choice. */
  constructor(
    area: Area,
    label: string,
    look: ButtonLook,
    act: () => void,
    chosen: () => boolean = () => false,
  ) {
    this.area = area;
    this.label = label;
    this.#look = look;
    this.#act = act;
    this.#chosen = chosen;
  }

  /** True when its look has changed. */
  pointer(event: PointerEvent): boolean {
    const inside = contains(this.area, event.x, event.y);
    const before = `${this.#hover}${this.#down}`;
    this.#hover = inside;
    if (inside && event.pressed & 1) this.#down = true;
    if (event.released & 1) {
      const act = this.#down && inside;
      this.#down = false;
      if (act) {
        this.#act();
        return true;
      }
    }
    return before !== `${this.#hover}${this.#down}`;
  }

  paint(canvas: Canvas): void {
    const { x, y, width, height } = this.area;
    const { face, hover, pressed, edge, ink } = this.#look;
    const chosen = this.#chosen();
    const down = this.#down && this.#hover;
    const fill = down ? pressed : chosen ? CHOSEN_FACE : this.#hover ? hover : face;
    roundRect(canvas, this.area, 5, chosen ? 0xc9544f : edge);
    roundRect(canvas, { x: x + 1, y: y + 1, width: width - 2, height: height - 2 }, 4, fill);
    const left = x + Math.round((width - UI_FONT.measure(this.label)) / 2);
    const top = y + Math.round((height - UI_FONT.height) / 2) + (down ? 1 : 0);
    UI_FONT.text(canvas, left, top, this.label, chosen && !down ? CHOSEN_INK : ink);
  }
}
