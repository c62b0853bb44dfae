import type { ConsolePage } from '../e2e/console-page.js';
import type { TestAppliance } from '../e2e/test-appliance.js';
import { until } from '../e2e/until.js';
import { typeOnUsKeyboard } from '../e2e/us-typing.js';

/** Types through the page; rejects unless exactly this arrives at the target and nothing stays held. */
export async function typeThrough(
  viewer: ConsolePage,
  appliance: TestAppliance,
  text: string,
): Promise<void> {
  const before = (await appliance.target.typedText()).length;
  await viewer.focus();
  await typeOnUsKeyboard(viewer.page.keyboard, text);
  const typed = async () => (await appliance.target.typedText()).slice(before);
  await until(`“${text}” on the target`, async () => (await typed()) === text, typed);
  await until(
    'no key held',
    async () => (await appliance.lastKeys()) === '0000000000000000',
    () => appliance.lastKeys(),
  );
}
