import assert from 'node:assert/strict';
import { test } from 'node:test';
import { called, DemoPage } from './demo-page.js';

/** The page's part that chooses the display for the target, on a state that the test sets. */
const demo = new DemoPage();

test('the display for the target: asked for when its page is in sight, chosen by name', async () => {
  const page = await demo.open('live');
  const choice = page.getByLabel('Display that the target sees (EDID)');
  assert.equal(await choice.isVisible(), false);
  await page.getByRole('tab', { name: 'Target' }).click();
  await called(page, 'loadEdid');
  await page.waitForFunction(() => {
    const tower = document.querySelector('kvm-app')?.shadowRoot?.querySelector('kvm-tower');
    const panel = tower?.shadowRoot?.querySelector('kvm-display-panel');
    return panel?.shadowRoot?.querySelector('select')?.disabled === false;
  });
  assert.equal(await choice.inputValue(), '1280x720@60');
  await choice.selectOption('1920x1080, 30 Hz');
  await called(page, 'chooseEdid 1920x1080@30');
  assert.equal(await choice.inputValue(), '1920x1080@30');
});

test('a file is sent as it is; what is wrong with it is an alert', async () => {
  const page = await demo.open('live');
  await page.getByRole('tab', { name: 'Target' }).click();
  await called(page, 'loadEdid');
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Load a file' }).click();
  const chooser = await choosing;
  await chooser.setFiles({
    name: 'monitor.bin',
    mimeType: 'application/octet-stream',
    buffer: Buffer.alloc(256, 0xff),
  });
  await called(page, 'chooseEdid 256 bytes');
  assert.match((await page.getByRole('alert').textContent()) ?? '', /byte 18: version 2 is not 1/);
});

test('the simulated computer has no such display', async () => {
  const page = await demo.open('watching');
  await page.locator('kvm-viewers').waitFor();
  assert.equal(await page.locator('kvm-display-panel').count(), 0);
});

test('who watches sees the display of the target, and does not change it', async () => {
  const page = await demo.open('live');
  await page.getByRole('button', { name: 'Give control' }).click();
  await page.getByRole('tab', { name: 'Target' }).click();
  await called(page, 'loadEdid');
  const choice = page.getByLabel('Display that the target sees (EDID)');
  await page.getByText('Only who has control changes this.').first().waitFor();
  assert.equal(await choice.isDisabled(), true);
  assert.equal(await page.getByRole('button', { name: 'Load a file' }).isDisabled(), true);
});
