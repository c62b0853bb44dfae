import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { DemoPage } from './demo-page.js';

/** The control tower and its pages, on a state that the test sets: no appliance. */
const demo = new DemoPage();

const PAGES = ['Console', 'Image', 'Target', 'Network', 'People'];

const open = (state: string, width?: number, height?: number, hasTouch?: boolean): Promise<Page> =>
  demo.open(state, { width, height, hasTouch });

const tab = (page: Page, name: string) => page.getByRole('tab', { name });
const panel = (page: Page, name: string) => page.getByRole('tabpanel', { name });

/** Name of the tab that has the focus; empty when none has. */
const focusedTab = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const app = document.querySelector('kvm-app');
    const tower = app?.shadowRoot?.querySelector('kvm-tower');
    const active = tower?.shadowRoot?.activeElement;
    return active?.getAttribute('role') === 'tab' ? (active.textContent ?? '').trim() : '';
  });

for (const [width, height] of [
  [1440, 900],
  [1920, 1080],
  [1366, 768],
  [1024, 768],
] as const) {
  test(`all that reports and every page fit into the tower at ${width}x${height}`, async () => {
    const page = await open('live', width, height);
    const reports = page.getByRole('region', { name: 'Metrics' });
    if (!(await reports.isVisible())) await page.getByRole('button', { name: '35 ms' }).click();
    for (const name of PAGES) {
      await tab(page, name).click();
      await panel(page, name).waitFor();
      const outside = await page.evaluate(() => {
        const app = document.querySelector('kvm-app');
        const tower = app?.shadowRoot?.querySelector('kvm-tower');
        const aside = tower?.shadowRoot?.querySelector('aside');
        if (!aside) return ['the tower'];
        const box = aside.getBoundingClientRect();
        const parts = [...aside.querySelectorAll(':scope > :not([hidden]), .tab')];
        return parts
          .filter((part) => {
            const { top, bottom, left, right } = part.getBoundingClientRect();
            return top < box.top || bottom > box.bottom || left < box.left || right > box.right;
          })
          .map((part) => part.className);
      });
      assert.deepEqual(outside, [], name);
      // A page may scroll, but not sideways, and never to nothing.
      const size = await panel(page, name).evaluate((element) => ({
        wide: element.scrollWidth - element.clientWidth,
        high: element.clientHeight,
      }));
      assert.ok(size.wide <= 0 && size.high >= 200, `${name}: ${JSON.stringify(size)}`);
    }
  });
}

for (const [layout, width, height] of [
  ['portrait', 390, 844],
  ['landscape', 844, 390],
] as const) {
  test(`each page is reached by touch on a phone held ${layout}`, async () => {
    const page = await open('live', width, height, true);
    await page
      .getByRole('button', { name: /^Status/ })
      .first()
      .tap();
    for (const name of PAGES) {
      await tab(page, name).tap();
      const box = await tab(page, name).boundingBox();
      assert.ok(box && box.height >= 44 && box.width >= 44, `${name}: ${JSON.stringify(box)}`);
      await panel(page, name).waitFor();
    }
    const last = panel(page, 'People').getByText('Your password');
    await last.scrollIntoViewIfNeeded();
    await last.tap();
    await panel(page, 'People').getByLabel('Present password').waitFor();
    await tab(page, 'Console').tap();
    const out = panel(page, 'Console').getByRole('button', { name: 'Sign out' });
    await out.scrollIntoViewIfNeeded();
    assert.ok(await out.isVisible());
  });
}

test('the drawer of a phone held sideways has its close button beside the tabs', async () => {
  const page = await open('live', 844, 390, true);
  await page.getByRole('button', { name: 'Status, viewers and log' }).tap();
  await page.locator('kvm-tower').getByRole('button', { name: 'Close' }).tap();
  await page.locator('kvm-tower').waitFor({ state: 'hidden' });
});

test('the tabs are one stop of the Tab key; arrows, Home and End turn the pages', async () => {
  const page = await open('live');
  await tab(page, 'Console').focus();
  for (const [key, name] of [
    ['ArrowRight', 'Image'],
    ['ArrowRight', 'Target'],
    ['End', 'People'],
    ['ArrowRight', 'Console'],
    ['ArrowLeft', 'People'],
    ['Home', 'Console'],
  ] as const) {
    await page.keyboard.press(key);
    await panel(page, name).waitFor();
    await page.waitForFunction((wanted) => {
      const app = document.querySelector('kvm-app');
      const tower = app?.shadowRoot?.querySelector('kvm-tower');
      return tower?.shadowRoot?.activeElement?.textContent?.trim() === wanted;
    }, name);
  }
  await page.keyboard.press('Tab');
  assert.equal(await focusedTab(page), '', 'the next stop is in the page');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focusedTab(page), 'Console');
});

test('trouble with a TURN server is in sight on every page, and its tab is marked', async () => {
  const page = await open('bad-turn');
  for (const name of ['Console', 'Network, trouble']) {
    await tab(page, name).click();
    await page.getByText('its certificate is not trusted.').waitFor();
    await page.getByText('the login is refused.').waitFor();
  }
  assert.equal(await tab(page, 'Network').getAttribute('aria-selected'), 'true');
});

test('who is no owner finds the own password among people, and no accounts', async () => {
  const page = await open('may-ask');
  await tab(page, 'People').click();
  await page.getByText('Your password').waitFor();
  assert.equal(await page.locator('kvm-accounts, kvm-control-panel').count(), 0);
  await tab(page, 'Network').click();
  await page.getByText('Only an owner changes these.').waitFor();
  assert.ok(await page.getByLabel('Addresses, the best first').isDisabled());
});

test('what is typed into one page is still there after a look at another', async () => {
  const page = await open('live');
  await tab(page, 'People').click();
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByLabel('Name', { exact: true }).fill('bob');
  await tab(page, 'Console').click();
  await tab(page, 'People').click();
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'bob');
});
