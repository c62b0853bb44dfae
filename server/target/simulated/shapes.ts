import { type Area, type Canvas, intersect } from './canvas.js';

/** Share of the pixel's row that a circle leaves free at its edge: how far a corner is cut in, in pixels. */
const inset = (radius: number, row: number): number => {
  const dy = radius - row - 0.5;
  return radius - Math.sqrt(Math.max(0, radius * radius - dy * dy));
};

/** Fills a rectangle with smooth round corners: the upper two, or all four. `alpha` 0 to 256. */
export function roundRect(
  canvas: Canvas,
  area: Area,
  radius: number,
  color: number,
  corners: 'top' | 'all' = 'all',
  alpha = 256,
): void {
  const { x, y, width, height } = area;
  for (let row = 0; row < height; row++) {
    const fromEdge = row < radius ? row : corners === 'all' ? height - 1 - row : radius;
    const cut = fromEdge < radius ? inset(radius, fromEdge) : 0;
    const whole = Math.ceil(cut);
    if (alpha >= 256) canvas.fill(x + whole, y + row, width - 2 * whole, 1, color);
    else canvas.blend(x + whole, y + row, width - 2 * whole, 1, color, alpha);
    if (whole > cut) {
      const edge = Math.round((whole - cut) * alpha);
      canvas.plot(x + whole - 1, y + row, color, edge);
      canvas.plot(x + width - whole, y + row, color, edge);
    }
  }
}

/** Fills a circle with a smooth edge; the centre may lie between pixels. */
export function disc(canvas: Canvas, x: number, y: number, radius: number, color: number): void {
  for (let row = Math.floor(y - radius); row <= y + radius; row++) {
    const dy = row + 0.5 - y;
    const half = Math.sqrt(Math.max(0, radius * radius - dy * dy));
    span(canvas, row, x - half, x + half, color);
  }
}

/** Fills a row from one place to another between pixels; the end pixels are mixed by their share. */
export function span(canvas: Canvas, row: number, from: number, to: number, color: number): void {
  if (to <= from) return;
  const left = Math.ceil(from);
  const right = Math.floor(to);
  if (left > right) {
    canvas.plot(right, row, color, Math.round((to - from) * 256));
    return;
  }
  canvas.fill(left, row, right - left, 1, color);
  canvas.plot(left - 1, row, color, Math.round((left - from) * 256));
  canvas.plot(right, row, color, Math.round((to - right) * 256));
}

/** Draws a smooth line of about `thickness` pixels. */
export function line(
  canvas: Canvas,
  from: readonly [x: number, y: number],
  to: readonly [x: number, y: number],
  color: number,
  thickness = 1,
): void {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const steep = Math.abs(dy) > Math.abs(dx);
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(dx), Math.abs(dy))));
  for (let step = 0; step <= steps; step++) {
    const x = from[0] + (dx * step) / steps;
    const y = from[1] + (dy * step) / steps;
    const at = (steep ? x : y) - thickness / 2;
    const first = Math.floor(at);
    for (let pixel = first; pixel < at + thickness; pixel++) {
      const share = Math.min(pixel + 1, at + thickness) - Math.max(pixel, at);
      const alpha = Math.round(share * 256);
      if (steep) canvas.plot(pixel, Math.round(y), color, alpha);
      else canvas.plot(Math.round(x), pixel, color, alpha);
    }
  }
}

/** Fills a convex polygon, corners in either direction, without smoothing: neighbours share no pixels. */
export function convex(
  canvas: Canvas,
  corners: ReadonlyArray<readonly [x: number, y: number]>,
  color: number,
): void {
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const [, y] of corners) {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  for (let row = Math.ceil(top - 0.5); row < bottom - 0.5; row++) {
    const y = row + 0.5;
    let left = Number.POSITIVE_INFINITY;
    let right = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < corners.length; index++) {
      const [ax, ay] = corners[index] as readonly [number, number];
      const [bx, by] = corners[(index + 1) % corners.length] as readonly [number, number];
      if (ay > y === by > y) continue;
      const x = ax + ((bx - ax) * (y - ay)) / (by - ay);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    const from = Math.ceil(left - 0.5);
    canvas.fill(from, row, Math.ceil(right - 0.5) - from, 1, color);
  }
}

const SHADOW_RADIUS = 22;
const SHADOW_DROP = 7;
const SHADOW_ALPHA = 96;

/** The area that a window's shadow reaches. */
export const shadowArea = ({ x, y, width, height }: Area): Area => ({
  x: x - SHADOW_RADIUS,
  y: y - SHADOW_RADIUS + SHADOW_DROP,
  width: width + 2 * SHADOW_RADIUS,
  height: height + 2 * SHADOW_RADIUS,
});

/** Darkens the ground around a window, softly, as light from above would. */
export function shadow(canvas: Canvas, area: Area): void {
  const reach = intersect(shadowArea(area), canvas.clip);
  const right = area.x + area.width;
  const bottom = area.y + area.height + SHADOW_DROP;
  const top = area.y + SHADOW_DROP;
  for (let y = reach.y; y < reach.y + reach.height; y++) {
    const dy = Math.max(0, top - y, y - bottom + 1);
    const behind = y >= area.y + 10 && y < area.y + area.height;
    for (let x = reach.x; x < reach.x + reach.width; x++) {
      if (behind && x >= area.x && x < right) x = right;
      if (x >= reach.x + reach.width) break;
      const dx = Math.max(0, area.x - x, x - right + 1);
      const near = 1 - Math.sqrt(dx * dx + dy * dy) / SHADOW_RADIUS;
      if (near > 0) canvas.plot(x, y, 0x05030f, Math.round(near * near * SHADOW_ALPHA));
    }
  }
}
