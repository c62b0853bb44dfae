import type { Area, Canvas } from '../canvas.js';
import { disc, roundRect } from '../shapes.js';
import type { Mode } from '../stage.js';
import { contains } from './button.js';
import { drawIcon, ICON_SIZE, type ProgramName } from './icons.js';

const PROGRAMS: readonly ProgramName[] = [
  'terminal',
  'notes',
  'motion',
  'monitor',
  'journal',
  'settings',
];
const GAP = 10;
const PADDING = 10;
const FOOT = 6;
const FROM_EDGE = 10;

/** The row of icons at the foot of the screen. */
export class Dock {
  readonly #area: Area;

  constructor(screen: Mode) {
    const width = PROGRAMS.length * (ICON_SIZE + GAP) - GAP + 2 * PADDING;
    const height = ICON_SIZE + 2 * PADDING + FOOT;
    this.#area = {
      x: Math.round((screen.width - width) / 2),
      y: screen.height - height - FROM_EDGE,
      width,
      height,
    };
  }

  get area(): Area {
    return this.#area;
  }

  /** The program whose icon is at a place. */
  at(x: number, y: number): ProgramName | undefined {
    return PROGRAMS.find((_, index) => contains({ ...this.#icon(index), ...SQUARE }, x, y));
  }

  draw(canvas: Canvas, runs: (name: ProgramName) => boolean): void {
    roundRect(canvas, this.#area, 16, 0x0e0c1c, 'all', 176);
    for (const [index, name] of PROGRAMS.entries()) {
      const { x, y } = this.#icon(index);
      drawIcon(canvas, name, x, y);
      if (runs(name)) disc(canvas, x + ICON_SIZE / 2, y + ICON_SIZE + 7, 2.5, 0xffd9a0);
    }
  }

  #icon(index: number): { x: number; y: number } {
    const { x, y } = this.#area;
    return { x: x + PADDING + index * (ICON_SIZE + GAP), y: y + PADDING };
  }
}

const SQUARE = { width: ICON_SIZE, height: ICON_SIZE };
