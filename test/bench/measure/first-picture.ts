import { ConsoleRig, type LoadedPage, takeShown } from '../rig/console-rig.js';
import type { Measurement } from './measurement.js';
import { ORDERS } from './orders.js';

const FRAME_RATE = 60;

/**
 * From a page that is ready (its document and script have run; the viewer is signed in) to the first shown picture: cold,
 * when nobody watched before and the pipeline starts, and warm, when another viewer has just left.
 */
export const firstPicture: Measurement = {
  name: 'first_picture',
  measure: async ({ options, figures, note }) => {
    const rig = await ConsoleRig.start(FRAME_RATE);
    try {
      await rig.load('webrtc');
      await rig.appliance.target.bootTo('desktop');
      for (let run = 0; run < options.runs; run++) {
        for (const start of ['cold', 'warm'] as const) {
          for (const subject of ORDERS[run % ORDERS.length] ?? []) {
            if (start === 'cold') await rig.leave();
            const milliseconds = await readyToPicture(await rig.load(subject));
            note(`first_picture.${subject}.${start}: ${Math.round(milliseconds)} ms`);
            figures.addRun('first_picture', subject, start, 'ms', milliseconds);
          }
        }
      }
    } finally {
      await rig.close();
    }
  },
};

/** From the moment that a loaded page was ready to its first shown picture, ms. */
export async function readyToPicture(page: LoadedPage): Promise<number> {
  const [first] = await takeShown(page);
  if (!first) throw new Error('the page shows no picture');
  const readyMs = await page.viewer.page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return entry?.domContentLoadedEventEnd ?? 0;
  });
  return first.atMs - readyMs;
}
