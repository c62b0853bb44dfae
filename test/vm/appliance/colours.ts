import type { ConsolePage } from '../../e2e/console-page.js';

export type Colour = readonly [red: number, green: number, blue: number];

/** vivid's first test pattern: eight columns, from left to right, at three quarters of full brightness. */
export const BARS: readonly Colour[] = [
  [191, 191, 191],
  [191, 191, 0],
  [0, 191, 191],
  [0, 191, 0],
  [191, 0, 191],
  [191, 0, 0],
  [0, 0, 191],
  [0, 0, 0],
];

/** The colours that the browser shows at eight places in the middle of the picture, one per column. */
export async function shownColours(viewer: ConsolePage): Promise<Colour[]> {
  const width = await viewer.state<number>('pictureWidth');
  const height = await viewer.state<number>('pictureHeight');
  const { rgba } = await viewer.pixels(0, height / 2, width, 1);
  return BARS.map((_, column) => {
    const at = 4 * Math.floor(((column + 0.5) * width) / BARS.length);
    return [rgba[at] ?? -1, rgba[at + 1] ?? -1, rgba[at + 2] ?? -1];
  });
}

/** The largest difference of any part of any colour. */
export function distance(shown: readonly Colour[], expected: readonly Colour[]): number {
  return Math.max(
    ...shown.flatMap((colour, column) =>
      colour.map((part, index) => Math.abs(part - (expected[column]?.[index] ?? Number.NaN))),
    ),
  );
}
