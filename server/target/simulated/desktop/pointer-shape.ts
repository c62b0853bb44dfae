import type { Area, Canvas } from '../canvas.js';

/** The arrow: '#' outline, 'o' inside. Its tip is the top left pixel. */
const ARROW = [
  '#',
  '##',
  '#o#',
  '#oo#',
  '#ooo#',
  '#oooo#',
  '#ooooo#',
  '#oooooo#',
  '#ooooooo#',
  '#oooooooo#',
  '#ooooooooo#',
  '#oooooo#####',
  '#ooo#oo#',
  '#oo##oo#',
  '#o#  #oo#',
  '##   #oo#',
  '#     #oo#',
  '      #oo#',
  '       ##',
];

/** The area that the pointer covers when its tip is at (x, y). */
export const pointerArea = (x: number, y: number): Area => ({ x, y, width: 14, height: 21 });

/** Draws the mouse pointer of the PC with a faint shadow. */
export function drawPointer(canvas: Canvas, x: number, y: number): void {
  ARROW.forEach((row, dy) => {
    for (let dx = 0; dx < row.length; dx++) {
      if (row[dx] !== ' ') canvas.plot(x + dx + 2, y + dy + 2, 0x000000, 60);
    }
  });
  ARROW.forEach((row, dy) => {
    for (let dx = 0; dx < row.length; dx++) {
      if (row[dx] === ' ') continue;
      canvas.plot(x + dx, y + dy, row[dx] === '#' ? 0x14121f : 0xffffff);
    }
  });
}
