/** A rectangle in pixels; empty when width or height is not positive. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The common part of two rectangles. */
export function intersect(a: Area, b: Area): Area {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.min(a.x + a.width, b.x + b.width) - x,
    height: Math.min(a.y + a.height, b.y + b.height) - y,
  };
}

/** Mixes two colours 0x00RRGGBB; `alpha` 0 gives `under`, 256 gives `over`. */
export function mix(under: number, over: number, alpha: number): number {
  const rest = 256 - alpha;
  const redBlue = ((under & 0xff00ff) * rest + (over & 0xff00ff) * alpha) >>> 8;
  const green = ((under & 0x00ff00) * rest + (over & 0x00ff00) * alpha) >>> 8;
  return (redBlue & 0xff00ff) | (green & 0x00ff00);
}

/**
 * A picture in memory, pixels 0x00RRGGBB in rows without padding, with a clip rectangle that every drawing call
 * keeps to. It does not own its pixels.
 */
export class Canvas {
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly height: number;
  #clip: Area;

  constructor(
    width: number,
    height: number,
    pixels: Uint32Array = new Uint32Array(width * height),
  ) {
    this.width = width;
    this.height = height;
    this.pixels = pixels;
    this.#clip = this.bounds;
  }

  get bounds(): Area {
    return { x: 0, y: 0, width: this.width, height: this.height };
  }

  get clip(): Area {
    return this.#clip;
  }

  /** Limits drawing to `area`; without one to the whole picture. */
  setClip(area?: Area): void {
    this.#clip = area ? intersect(area, this.bounds) : this.bounds;
  }

  fill(x: number, y: number, width: number, height: number, color: number): void {
    const area = intersect({ x, y, width, height }, this.#clip);
    if (area.width <= 0) return;
    for (let row = area.y; row < area.y + area.height; row++) {
      const start = row * this.width + area.x;
      this.pixels.fill(color, start, start + area.width);
    }
  }

  /** Mixes a colour over a rectangle; `alpha` 0 to 256. */
  blend(x: number, y: number, width: number, height: number, color: number, alpha: number): void {
    const area = intersect({ x, y, width, height }, this.#clip);
    for (let row = area.y; row < area.y + area.height; row++) {
      const start = row * this.width + area.x;
      for (let at = start; at < start + area.width; at++) {
        this.pixels[at] = mix(this.pixels[at] as number, color, alpha);
      }
    }
  }

  /** Mixes one pixel; `alpha` 0 to 256. */
  plot(x: number, y: number, color: number, alpha = 256): void {
    const { x: left, y: top, width, height } = this.#clip;
    if (x < left || y < top || x >= left + width || y >= top + height) return;
    const at = y * this.width + x;
    this.pixels[at] = alpha >= 256 ? color : mix(this.pixels[at] as number, color, alpha);
  }

  /** Fills top to bottom from one colour to another. */
  gradient(x: number, y: number, width: number, height: number, from: number, to: number): void {
    for (let row = 0; row < height; row++) {
      const alpha = height > 1 ? Math.round((row * 256) / (height - 1)) : 0;
      this.fill(x, y + row, width, 1, mix(from, to, alpha));
    }
  }

  /** Copies the whole of `source` to (x, y), row by row. */
  draw(source: Canvas, x: number, y: number): void {
    const area = intersect({ x, y, width: source.width, height: source.height }, this.#clip);
    if (area.width <= 0) return;
    for (let row = area.y; row < area.y + area.height; row++) {
      const from = (row - y) * source.width + area.x - x;
      this.pixels.set(source.pixels.subarray(from, from + area.width), row * this.width + area.x);
    }
  }

  /** Moves the pixels of an area up by `rows`; the lowest rows keep their old pixels. Ignores the clip. */
  scrollUp(area: Area, rows: number): void {
    for (let row = area.y; row < area.y + area.height - rows; row++) {
      const from = (row + rows) * this.width + area.x;
      this.pixels.copyWithin(row * this.width + area.x, from, from + area.width);
    }
  }
}
