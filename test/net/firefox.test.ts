import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { OWNER } from '../e2e/console-page.js';
import { until } from '../e2e/until.js';
import { Firefox } from './firefox.js';
import { RemoteUnit } from './remote-unit.js';

const TAB = '\uE004';
const ENTER = '\uE007';

let firefox: Firefox;
const unit = RemoteUnit.forTests({
  prepare: async (internet) => {
    firefox = await Firefox.launchAt(internet.viewer);
  },
});

after(() => firefox?.close());

/** The first element in the page and its elements' own trees that fits. */
const find = (selector: string) => `(function search(root) {
  for (const element of root.querySelectorAll('*')) {
    const found = element.matches('${selector}') ? element : element.shadowRoot && search(element.shadowRoot);
    if (found) return found;
  }
  return null;
})(document)`;

const state = (field: string) =>
  firefox.evaluate(`document.querySelector('kvm-app')?.store?.value.${field} ?? null`);

async function waitForState(field: string, value: unknown): Promise<void> {
  await until(
    `${field} ${value}`,
    async () => (await state(field)) === value,
    async () => `${field} is ${await state(field)}`,
    40_000,
  );
}

test('Firefox, whose WebRTC has no H.264, reaches the WebSocket by itself, shows the picture and types', async () => {
  await unit.appliance.target.bootTo('console');
  await firefox.goto(unit.url);
  await until('the login', () => firefox.evaluate(`${find('input')} !== null`));
  await firefox.evaluate(`${find('input')}.focus()`);
  await firefox.press(`${OWNER.name}${TAB}${OWNER.password}${ENTER}`);
  await waitForState('hasPicture', true);
  await waitForState('transport', 'websocket');
  await waitForState('inControl', true);
  assert.match(String(await state('transportNote')), /H\.264/);
  assert.equal(await state('pictureWidth'), 1280);
  await firefox.evaluate(`${find('kvm-picture')}.focus()`);
  await firefox.press('echo from firefox');
  await until(
    'the text on the target',
    async () => (await unit.appliance.target.screenText()).includes('echo from firefox'),
    () => unit.appliance.target.screenText(),
  );
});
