import { decodeMarks } from '../../server/target/simulated/test-marks.js';
import type { ConsolePage } from '../e2e/console-page.js';
import { until } from '../e2e/until.js';

/** Waits until what is pressed now shows in the picture: both directions work again. Shift types nothing. */
export async function liveAgain(viewer: ConsolePage, deadlineMs = 60_000): Promise<void> {
  const nowUs = Number(process.hrtime.bigint() / 1000n);
  await viewer.focus();
  await until(
    'a picture of after now',
    async () => {
      // The target draws its marks anew only when something changes, and each report changes a patch.
      await viewer.page.keyboard.press('ShiftLeft');
      const { rgba, width } = await viewer.pixels(0, 0, 400, 32);
      return (decodeMarks(rgba, width)?.timestampUs ?? 0) > nowUs;
    },
    () => viewer.state('phase'),
    deadlineMs,
  );
  await viewer.ready(deadlineMs);
}
