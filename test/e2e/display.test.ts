import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type DemoSite, startDemoSite } from '../visual/demo-site.js';
import { launchBrowser } from './browser.js';

/** The page's part that chooses the display for the target, on a state that the test sets. */
let browser: Browser;
let site: DemoSite;
let context: BrowserContext | null = null;

before(async () => {
  site = await startDemoSite();
  browser = await launchBrowser();
});

afterEach(async () => {
  await context?.close();
  context = null;
});

after(async () => {
  await browser?.close();
  await site?.close();
});

async function open(state: string): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${site.url}#${state}`);
  await page.waitForSelector('body[data-drawn]');
  return page;
}

/** Waits until the page has made this call. */
const called = (page: Page, call: string): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => document.body.dataset['calls']?.split('\n').includes(wanted),
    call,
  );

test('the display for the target: asked for when unfolded, chosen by name', async () => {
  const page = await open('live');
  const choice = page.getByLabel('Display that the target sees (EDID)');
  assert.equal(await choice.isVisible(), false);
  await page.getByText('Display for the target').click();
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
  const page = await open('live');
  await page.getByText('Display for the target').click();
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
  const page = await open('watching');
  await page.locator('kvm-viewers').waitFor();
  assert.equal(await page.locator('kvm-display-panel').count(), 0);
});
