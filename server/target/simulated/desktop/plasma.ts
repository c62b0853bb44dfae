import { type Canvas, mix } from '../canvas.js';

const WAVE = Uint8Array.from({ length: 256 }, (_, at) =>
  Math.round(63.5 + 63.5 * Math.sin((at / 256) * 2 * Math.PI)),
);
const STOPS = [0x191a44, 0x5a3b86, 0xc85578, 0xf08468, 0xffe0a8, 0xf08468, 0x9a4480, 0x191a44];
const PALETTE = Uint32Array.from({ length: 256 }, (_, at) => {
  const place = (at / 256) * (STOPS.length - 1);
  const index = Math.floor(place);
  const from = STOPS[index] as number;
  return mix(from, STOPS[index + 1] as number, Math.round((place - index) * 256));
});

/** Fills the upper `height` rows with moving waves of colour: every pixel changes in every frame. */
export function drawPlasma(canvas: Canvas, height: number, timeMs: number): void {
  const { pixels, width } = canvas;
  const t1 = Math.floor(timeMs / 11);
  const t2 = Math.floor(timeMs / 17);
  const drift = Math.floor(timeMs / 23);
  for (let y = 0; y < height; y++) {
    const rowWave = (WAVE[(y + t1) & 255] as number) + (WAVE[(y * 3 - t2) & 255] as number);
    let at = y * width;
    for (let x = 0; x < width; x++) {
      const sum =
        rowWave +
        (WAVE[(x * 2 + t2) & 255] as number) +
        (WAVE[(x + y + t1 + rowWave) & 255] as number);
      pixels[at++] = PALETTE[(sum + drift) & 255] as number;
    }
  }
}
