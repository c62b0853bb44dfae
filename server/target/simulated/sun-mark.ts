import { type Canvas, mix } from './canvas.js';
import { span } from './shapes.js';

const COLORS = [0xffe0a0, 0xffb066, 0xf07a6a, 0xc4568c, 0x7a4fc0];

/** Draws the maker's mark: a setting sun, its lower half cut by ever wider gaps. (x, y) is its middle. */
export function drawSunMark(canvas: Canvas, x: number, y: number, radius: number): void {
  const bottom = Math.round(radius * 0.46);
  const gapEvery = Math.round(radius / 6);
  const gapsFrom = -Math.round(radius * 0.2);
  for (let row = -radius; row < bottom; row++) {
    const depth = row - gapsFrom;
    if (depth > 0 && depth % gapEvery < 1 + (depth * 1.4) / gapEvery / 2) continue;
    const place = ((row + radius) / (bottom + radius)) * (COLORS.length - 1);
    const index = Math.floor(place);
    const from = COLORS[index] as number;
    const to = COLORS[Math.min(index + 1, COLORS.length - 1)] as number;
    const half = Math.sqrt(radius * radius - (row + 0.5) * (row + 0.5));
    span(canvas, y + row, x - half, x + half, mix(from, to, Math.round((place - index) * 256)));
  }
}
