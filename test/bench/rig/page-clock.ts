import type { Page } from 'playwright-core';
import { monotonicUs } from '../../../native/index.js';

const CHECKS = 10;
/** The two ways to know the clock may differ by this. */
const TOLERANCE_US = 2000;

/**
 * The appliance's clock (CLOCK_MONOTONIC, µs) at performance.now() = 0 of the page as it is now loaded. Chromium says
 * so itself: its NavigationStart is CLOCK_MONOTONIC too. Throws when an exchange of times with the page contradicts.
 */
export async function pageOriginUs(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  await devtools.detach();
  const start = metrics.find(({ name }) => name === 'NavigationStart')?.value;
  if (!start) throw new Error('Chromium does not tell when the page began');
  const originUs = start * 1e6;
  for (let check = 0; check < CHECKS; check++) {
    const beforeUs = monotonicUs();
    const pageMs = await page.evaluate(() => performance.now());
    const afterUs = monotonicUs();
    const pageUs = originUs + pageMs * 1000;
    if (pageUs < beforeUs - TOLERANCE_US || pageUs > afterUs + TOLERANCE_US) {
      throw new Error(`clocks of page and appliance disagree: ${beforeUs} ${pageUs} ${afterUs}`);
    }
  }
  return originUs;
}
