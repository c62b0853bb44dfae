import { type Area, Canvas, intersect } from '../canvas.js';
import { BOLD_FONT } from '../font.js';
import { line, roundRect, shadow, shadowArea } from '../shapes.js';
import { contains } from './button.js';
import type { WindowContent } from './window-content.js';

export const TITLE_HEIGHT = 30;
const BORDER = 1;
const RADIUS = 9;
const CLOSE_SIZE = 18;

interface FrameLook {
  close: number;
  edge: number;
  title: number;
  titleFocused: number;
  ink: number;
  inkFocused: number;
}

const DARK_FRAME: FrameLook = {
  close: 0x4a4560,
  edge: 0x0b0a16,
  title: 0x23212f,
  titleFocused: 0x302c46,
  ink: 0x8b86a0,
  inkFocused: 0xf2effa,
};
const LIGHT_FRAME: FrameLook = {
  close: 0xa9a2b8,
  edge: 0x8d86a0,
  title: 0xe4e0e6,
  titleFocused: 0xf6f4f1,
  ink: 0x8f889c,
  inkFocused: 0x2a2440,
};

/** A window with frame, title and close button around its content, which has pixels of its own. */
export class DesktopWindow {
  readonly content: WindowContent;
  readonly #surface: Canvas;
  #x: number;
  #y: number;
  #painted = false;

  constructor(content: WindowContent, x: number, y: number) {
    this.content = content;
    this.#surface = new Canvas(content.width, content.height);
    this.#x = x;
    this.#y = y;
  }

  /** The window with its frame. */
  get area(): Area {
    return {
      x: this.#x,
      y: this.#y,
      width: this.content.width + 2 * BORDER,
      height: this.content.height + TITLE_HEIGHT + BORDER,
    };
  }

  /** The inside. */
  get client(): Area {
    const { width, height } = this.content;
    return { x: this.#x + BORDER, y: this.#y + TITLE_HEIGHT, width, height };
  }

  /** The window with its shadow. */
  get reach(): Area {
    return shadowArea(this.area);
  }

  get closeButton(): Area {
    const { x, y, width } = this.area;
    const margin = (TITLE_HEIGHT - CLOSE_SIZE) / 2;
    return {
      x: x + width - CLOSE_SIZE - margin,
      y: y + margin,
      width: CLOSE_SIZE,
      height: CLOSE_SIZE,
    };
  }

  isTitle(x: number, y: number): boolean {
    return contains({ ...this.area, height: TITLE_HEIGHT }, x, y);
  }

  moveTo(x: number, y: number): void {
    this.#x = x;
    this.#y = y;
  }

  /** Brings the inside up to date. True when pixels changed. */
  paintContent(focused: boolean): boolean {
    const full = !this.#painted;
    this.#painted = true;
    return this.content.paint(this.#surface, full, focused);
  }

  /** The next paintContent() draws everything. */
  invalidate(): void {
    this.#painted = false;
  }

  /** Draws shadow, frame and inside as far as the clip allows. */
  draw(canvas: Canvas, focused: boolean): void {
    if (!within(canvas.clip, this.client)) {
      shadow(canvas, this.area);
      this.#drawFrame(canvas, focused);
    }
    canvas.draw(this.#surface, this.client.x, this.client.y);
  }

  #drawFrame(canvas: Canvas, focused: boolean): void {
    const { area, content } = this;
    const look = content.light ? LIGHT_FRAME : DARK_FRAME;
    roundRect(canvas, area, RADIUS, look.edge, 'top');
    const bar = { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: TITLE_HEIGHT - 1 };
    roundRect(canvas, bar, RADIUS - 1, focused ? look.titleFocused : look.title, 'top');
    const left = area.x + Math.round((area.width - BOLD_FONT.measure(content.title)) / 2);
    const ink = focused ? look.inkFocused : look.ink;
    BOLD_FONT.text(canvas, left, area.y + 8, content.title, ink);
    const { x, y, width } = this.closeButton;
    roundRect(canvas, this.closeButton, width / 2, focused ? 0xe8756f : look.close);
    const cross = focused ? 0xffffff : look.title;
    line(canvas, [x + 6, y + 6], [x + width - 7, y + width - 7], cross, 1.6);
    line(canvas, [x + 6, y + width - 7], [x + width - 7, y + 6], cross, 1.6);
  }
}

/** True when `inner` lies wholly in `outer`. */
export function within(inner: Area, outer: Area): boolean {
  const common = intersect(inner, outer);
  return common.width === inner.width && common.height === inner.height;
}
