import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClaimedUnit } from './claimed-unit.js';
import type { ConsolePage } from './console-page.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

let first: ConsolePage;
let second: ConsolePage;

const unit = ClaimedUnit.forTests({
  prepare: async () => {
    first = await unit.openConsole();
    second = await unit.open('?transport=ws');
    await second.waitForState('hasPicture', true);
  },
});

/** Asks politely, as a viewer that may not simply take control. */
async function ask(viewer: ConsolePage): Promise<void> {
  await viewer.page.evaluate(() => {
    const app = document.querySelector('kvm-app') as unknown as {
      actions: { askForControl(ask: boolean): void };
    };
    app.actions.askForControl(true);
  });
  await viewer.page.getByText('You asked ada for control').waitFor();
}

const button = (viewer: ConsolePage, name: string) =>
  viewer.page.getByRole('button', { name, exact: true }).first();

test('a request is shown to the one in control, and a no to who asked', async () => {
  await ask(second);
  await first.page.getByText('ada asks for control').first().waitFor();
  await button(first, 'No').click();
  await second.page.getByText('ada keeps control for now').first().waitFor();
  assert.equal(await first.state('inControl'), true);
  await button(second, 'Dismiss').click();
});

test('handing over lets go of what is held, and the other types', async () => {
  await first.focus();
  await first.page.keyboard.down('Shift');
  await until('Shift down', async () => (await unit.appliance.lastKeys()) === '0200000000000000');
  await ask(second);
  await button(first, 'Hand over').click();
  await second.waitForState('inControl', true);
  await first.waitForState('inControl', false);
  await until('Shift up', async () => (await unit.appliance.lastKeys()) === '0000000000000000');
  await first.page.keyboard.up('Shift');
  assert.equal(await first.state('controlLost'), false, 'it was given, not lost');
  await second.focus();
  await typeOnUsKeyboard(second.page.keyboard, 'handed');
  await until('the text', async () => (await unit.appliance.target.typedText()).endsWith('handed'));
});

test('what was lent comes back when it is given up', async () => {
  await button(second, 'Give control').click();
  await first.waitForState('inControl', true);
  assert.equal(await second.state('inControl'), false);
  await first.focus();
  await typeOnUsKeyboard(first.page.keyboard, ' back');
  await until('the text', async () => (await unit.appliance.target.typedText()).endsWith(' back'));
});

test('no viewer learns what opens the session of another one', async () => {
  const viewers = await first.state<{ viewers: Array<{ id: string }> }>('remote');
  const ids = viewers.viewers.map(({ id }) => id);
  for (const viewer of [first, second]) {
    assert.ok(ids.includes(String(await viewer.state('viewerId'))));
    assert.ok(!ids.includes(String(await viewer.state('sessionId'))));
  }
});
