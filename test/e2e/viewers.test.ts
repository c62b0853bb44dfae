import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClaimedUnit } from './claimed-unit.js';
import type { ConsolePage } from './console-page.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

let ada: ConsolePage;
let lin: ConsolePage;

const unit = ClaimedUnit.forTests({
  prepare: async () => {
    ada = await unit.openConsole();
    lin = await unit.open('?transport=ws');
    await lin.waitForState('hasPicture', true);
  },
});

test('the second viewer sees the picture and cannot type', async () => {
  assert.equal(await lin.state('inControl'), false);
  const before = (await unit.appliance.target.log()).length;
  await lin.focus();
  await lin.page.keyboard.type('watching');
  // What the one in control types comes after it and arrives alone.
  await ada.focus();
  await typeOnUsKeyboard(ada.page.keyboard, 'driving');
  await until('the text', async () =>
    (await unit.appliance.target.typedText()).endsWith('driving'),
  );
  assert.ok((await unit.appliance.target.log()).length > before);
  assert.doesNotMatch(await unit.appliance.target.typedText(), /watching/);
});

test('taking over releases what the other holds and moves control', async () => {
  await ada.page.keyboard.down('Shift');
  await until('Shift down', async () => (await unit.appliance.lastKeys()) === '0200000000000000');
  await lin.page
    .getByRole('button', { name: /take control/i })
    .first()
    .click();
  await lin.waitForState('inControl', true);
  await ada.waitForState('inControl', false);
  await until('Shift up', async () => (await unit.appliance.lastKeys()) === '0000000000000000');
  assert.equal(await ada.state('controlLost'), true);
  await lin.focus();
  await typeOnUsKeyboard(lin.page.keyboard, ' taken');
  await until('the text', async () => (await unit.appliance.target.typedText()).endsWith(' taken'));
  await ada.page.keyboard.up('Shift');
});

test('signing out ends picture and input at once', async () => {
  await lin.page.keyboard.down('x');
  await until('x down', async () => (await unit.appliance.lastKeys()) === '00001b0000000000');
  await lin.page.evaluate(() => {
    const app = document.querySelector('kvm-app') as unknown as {
      actions: { logout(): Promise<void> };
    };
    return app.actions.logout();
  });
  await until('x up', async () => (await unit.appliance.lastKeys()) === '0000000000000000');
  await lin.waitForState('phase', 'login');
  assert.equal(await lin.state('hasPicture'), false);
});

test('a revoked sign-in of a page that does nothing loses its carrier too', async () => {
  // Another client of the same user changes the password: the page is thrown out.
  const status = await ada.page.evaluate(async () => {
    const reply = await fetch('api/logout', { method: 'POST' });
    return reply.status;
  });
  assert.ok(status < 300, `${status}`);
  await ada.waitForState('phase', 'login');
});
