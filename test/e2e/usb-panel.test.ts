import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { called, DemoPage } from './demo-page.js';

/** The page's part for the USB cable, on a state that the test sets. */
const demo = new DemoPage();

/** The page with the panel in sight; it has asked the appliance. */
async function showPanel(state: string): Promise<Page> {
  const page = await demo.open(state);
  await page.getByRole('tab', { name: 'Target' }).click();
  await called(page, 'loadUsb');
  return page;
}

test('who has control replugs the device and makes it another one', async () => {
  const page = await showPanel('live');
  const panel = page.locator('kvm-usb-panel');
  await panel.getByText('no room for: media and power keys').waitFor();
  await panel.getByRole('button', { name: 'Replug USB' }).click();
  await called(page, 'actOnUsb replug');
  // An awake computer needs no waking, and the console no mouse without a keyboard.
  assert.equal(await panel.getByRole('button', { name: 'Wake' }).isDisabled(), true);
  assert.equal(await panel.getByLabel('Keyboard').isDisabled(), true);
  await panel.getByLabel('Mouse, absolute').uncheck();
  await called(page, 'actOnUsb keyboard,relative-mouse,consumer');
  assert.equal(await panel.getByLabel('Mouse, absolute').isChecked(), false);
  assert.equal(await panel.getByLabel('Media and power keys').isChecked(), true);
});

test('a sleeping computer is woken; that it sleeps on is an alert', async () => {
  const page = await showPanel('asleep');
  const panel = page.locator('kvm-usb-panel');
  await panel.getByText('put its USB to sleep').waitFor();
  await panel.getByRole('button', { name: 'Wake' }).click();
  await called(page, 'actOnUsb wake');
  assert.match((await panel.getByRole('alert').textContent()) ?? '', /sleeps on/);
});
