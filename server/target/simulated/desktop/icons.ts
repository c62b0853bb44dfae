import type { Canvas } from '../canvas.js';
import { disc, line, roundRect } from '../shapes.js';

/** Programs that the dock starts. */
export type ProgramName = 'terminal' | 'notes' | 'motion' | 'monitor' | 'journal' | 'settings';

export const ICON_SIZE = 44;

const GROUND: Record<ProgramName, number> = {
  terminal: 0x2b2838,
  notes: 0xf6c667,
  motion: 0x7d4fb5,
  monitor: 0x4fb286,
  journal: 0x4a8fe0,
  settings: 0xd0607c,
};

/** Draws the icon of a program, ICON_SIZE wide and high. */
export function drawIcon(canvas: Canvas, name: ProgramName, x: number, y: number): void {
  const color = GROUND[name];
  roundRect(canvas, { x, y, width: ICON_SIZE, height: ICON_SIZE }, 10, color);
  switch (name) {
    case 'terminal':
      line(canvas, [x + 11, y + 14], [x + 19, y + 21], 0x8ce99a, 3);
      line(canvas, [x + 19, y + 21], [x + 11, y + 28], 0x8ce99a, 3);
      canvas.fill(x + 22, y + 29, 12, 3, 0xffffff);
      break;
    case 'notes':
      roundRect(canvas, { x: x + 11, y: y + 9, width: 22, height: 26 }, 3, 0xfffdf6);
      for (let row = 0; row < 4; row++) {
        canvas.fill(x + 15, y + 15 + row * 5, row === 3 ? 8 : 14, 2, 0xb58a2e);
      }
      break;
    case 'motion':
      disc(canvas, x + 22, y + 22, 14, 0xffc48a);
      disc(canvas, x + 22, y + 22, 6, color);
      break;
    case 'monitor':
      for (const [index, height] of [9, 16, 12, 20].entries()) {
        canvas.fill(x + 10 + index * 6, y + 33 - height, 5, height, 0xffffff);
      }
      break;
    case 'journal':
      for (const [row, width] of [22, 14, 19, 10].entries()) {
        canvas.fill(x + 11, y + 12 + row * 6, width, 3, 0xffffff);
      }
      break;
    case 'settings':
      for (const [row, knob] of [24, 13, 20].entries()) {
        canvas.fill(x + 10, y + 13 + row * 9, 24, 2, 0xffffff);
        disc(canvas, x + knob + 2, y + 14 + row * 9, 4, 0xffffff);
      }
      break;
  }
}
