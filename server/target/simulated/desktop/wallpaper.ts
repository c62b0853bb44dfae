import { Canvas, mix } from '../canvas.js';
import { createRandom, type Random } from '../random.js';
import { disc } from '../shapes.js';

const SKY: ReadonlyArray<readonly [at: number, color: number]> = [
  [0, 0x191a44],
  [0.3, 0x3b2f74],
  [0.52, 0x7d4187],
  [0.68, 0xc85578],
  [0.8, 0xf08468],
  [1, 0xffc48a],
];
/** Far to near: colour at the ridge and at the foot, height of the ridge, roughness, all by screen height. */
const HILLS = [
  { ridge: 0x8a4a86, foot: 0xb0607f, at: 0.7, rough: 0.08, points: 13 },
  { ridge: 0x5d3a78, foot: 0x7a4a80, at: 0.775, rough: 0.06, points: 10 },
  { ridge: 0x3c2b62, foot: 0x4d366c, at: 0.85, rough: 0.045, points: 9 },
  { ridge: 0x221b44, foot: 0x1a1536, at: 0.93, rough: 0.026, points: 8 },
] as const;
const SEED = 1984;

/** The last one made: painting takes about a tenth of a second. */
let painted: Canvas | undefined;

/** The evening that the desktop stands before; only to be read. The same size gives the same picture. */
export function wallpaper(width: number, height: number): Canvas {
  if (painted?.width !== width || painted.height !== height) painted = paint(width, height);
  return painted;
}

function paint(width: number, height: number): Canvas {
  const canvas = new Canvas(width, height);
  const random = createRandom(SEED);
  for (let y = 0; y < height; y++) canvas.fill(0, y, width, 1, skyColor(y / (height * 0.86)));
  paintStars(canvas, random);
  paintSun(canvas, Math.round(width * 0.618), Math.round(height * 0.6), Math.round(height * 0.115));
  for (const hill of HILLS) paintHill(canvas, random, hill);
  return canvas;
}

function skyColor(at: number): number {
  const next = SKY.findIndex(([stop]) => stop >= at);
  if (next < 0) return SKY.at(-1)?.[1] ?? 0;
  const [to, over] = SKY[next] as readonly [number, number];
  const [from, under] = SKY[Math.max(0, next - 1)] as readonly [number, number];
  return mix(under, over, to > from ? Math.round(((at - from) / (to - from)) * 256) : 256);
}

function paintStars(canvas: Canvas, random: Random): void {
  const count = Math.round((canvas.width * canvas.height) / 7000);
  for (let star = 0; star < count; star++) {
    const x = Math.floor(random() * canvas.width);
    const height = random() ** 1.6 * 0.46;
    const y = Math.floor(height * canvas.height);
    const alpha = Math.round((40 + random() * 190) * (1 - height / 0.5));
    canvas.plot(x, y, 0xfff4e0, alpha);
    if (alpha < 165) continue;
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      canvas.plot(x + dx, y + dy, 0xfff4e0, alpha >> 2);
    }
  }
}

function paintSun(canvas: Canvas, x: number, y: number, radius: number): void {
  const reach = radius * 3.4;
  for (let row = Math.floor(y - reach); row < y + reach; row++) {
    for (let column = Math.floor(x - reach); column < x + reach; column++) {
      const distance = Math.hypot(column - x, row - y);
      if (distance >= reach || distance < radius - 1) continue;
      const near = 1 - (distance - radius) / (reach - radius);
      canvas.plot(column, row, 0xffc08a, Math.round(near * near * near * 120));
    }
  }
  for (let row = -radius; row <= radius; row++) {
    canvas.setClip({ x: 0, y: y + row, width: canvas.width, height: 1 });
    disc(
      canvas,
      x,
      y,
      radius,
      mix(0xfff3d6, 0xffb27c, Math.round(((row + radius) * 128) / radius)),
    );
  }
  canvas.setClip();
}

function paintHill(canvas: Canvas, random: Random, hill: (typeof HILLS)[number]): void {
  const { width, height } = canvas;
  const peaks = Array.from({ length: hill.points + 2 }, (_, index) => ({
    x: ((index + (random() - 0.5) * 0.7) * width) / hill.points,
    // Peaks and valleys take turns.
    y: (hill.at + (index % 2 ? -1 : 1) * (0.35 + random() * 0.65) * hill.rough) * height,
  }));
  for (let x = 0; x < width; x++) {
    const right = Math.max(
      1,
      peaks.findIndex((peak) => peak.x > x),
    );
    const a = peaks[right - 1] as { x: number; y: number };
    const b = peaks[right] as { x: number; y: number };
    const ridge = a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
    const top = Math.ceil(ridge);
    canvas.plot(x, top - 1, hill.ridge, Math.round((top - ridge) * 256));
    const depth = height * 0.16;
    for (let y = Math.max(0, top); y < height; y++) {
      const alpha = Math.min(256, Math.round(((y - top) * 256) / depth));
      canvas.pixels[y * width + x] = mix(hill.ridge, hill.foot, alpha);
    }
  }
}
