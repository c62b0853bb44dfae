import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { DemoPage } from './demo-page.js';

/** The page's own behaviour, on a state that the test sets: no appliance. */
const demo = new DemoPage();

const open = (state: string, width?: number, height?: number): Promise<Page> =>
  demo.open(state, { width, height });

const calls = (page: Page): Promise<string[]> =>
  page.evaluate(() => (document.body.dataset['calls'] ?? '').split('\n'));

/** Name of the element that has the focus, through all shadow roots. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return (active?.getAttribute('aria-label') ?? active?.textContent ?? '').trim();
  });

test('claim: fields that password stores know, strength in words, Enter submits', async () => {
  const page = await open('claim');
  assert.equal(
    await page.getByLabel('Code from the log').getAttribute('autocomplete'),
    'one-time-code',
  );
  assert.equal(await page.getByLabel('Your name').getAttribute('autocomplete'), 'username');
  const password = page.getByLabel('New password');
  assert.equal(await password.getAttribute('autocomplete'), 'new-password');
  await page.keyboard.type('k7qm-4f2p');
  await page.getByLabel('Your name').fill('ada');
  await password.fill('short');
  await page.getByText('5 of 12 characters, too short').waitFor();
  await page.keyboard.press('Enter');
  assert.deepEqual(await calls(page), ['mountPicture'], 'a short password is not sent');
  await password.fill('correct horse battery');
  await page.keyboard.press('Enter');
  assert.ok((await calls(page)).includes('claim k7qm-4f2p ada correct horse battery'));
});

test('login: the form has the focus, Enter submits, the error is an alert', async () => {
  const page = await open('login-error');
  await page.keyboard.type('ada');
  await page.keyboard.press('Tab');
  await page.keyboard.type('secret');
  await page.keyboard.press('Enter');
  assert.ok((await calls(page)).includes('login ada secret'));
  assert.equal(await page.getByRole('alert').textContent(), 'Name or password is wrong.');
});

test('the picture is one element in every layout, and is mounted once', async () => {
  const page = await open('live');
  const canvas = await page.locator('kvm-picture canvas').elementHandle();
  for (const [layout, width, height] of [
    ['narrow', 1024, 768],
    ['portrait', 390, 844],
    ['landscape', 844, 390],
    ['desktop', 1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.locator(`kvm-app[layout=${layout}]`).waitFor();
    await page.waitForFunction((element) => {
      const box = element?.getBoundingClientRect();
      return box && box.width > innerWidth / 2 && box.right <= innerWidth && box.height > 180;
    }, canvas);
  }
  assert.deepEqual(await calls(page), ['mountPicture']);
});

test('the release key gives the keyboard back to the buttons on the chin', async () => {
  const page = await open('live');
  await page.locator('kvm-picture').click();
  await page.getByText('Keys go to the target. Release: Right Ctrl').waitFor();
  await page.keyboard.press('ControlRight');
  await page.getByText('Click the picture to type and point').waitFor();
  assert.equal(await focused(page), '1:1');
});

test('full screen leaves only the picture; the release key leaves it', async () => {
  const page = await open('live');
  await page.getByRole('button', { name: 'Full screen' }).click();
  await page.getByText(/Leave full screen/).waitFor();
  await page.waitForFunction(
    (picture) => picture?.getBoundingClientRect().width === innerWidth,
    await page.locator('kvm-picture').elementHandle(),
  );
  await page.keyboard.press('ControlRight');
  await page.getByText('Click the picture to type and point').waitFor();
  assert.equal(await page.evaluate(() => document.fullscreenElement), null);
});

test('where the keyboard cannot be locked, three quick Escapes leave full screen', async () => {
  const page = await open('live');
  await page.evaluate(() => Object.defineProperty(navigator, 'keyboard', { value: undefined }));
  await page.getByRole('button', { name: 'Full screen' }).click();
  await page.getByText('Leave full screen: Right Ctrl or Esc').waitFor();
  for (let press = 0; press < 3; press += 1) {
    // Dispatched, because a real Escape leaves by the browser's own rule.
    await page
      .locator('kvm-picture')
      .dispatchEvent('keydown', { code: 'Escape', bubbles: true, composed: true });
  }
  await page.waitForFunction(() => document.fullscreenElement === null);
});

test('in full screen trouble stands below the picture, never over it', async () => {
  const page = await open('old');
  await page.getByRole('button', { name: 'Full screen' }).click();
  const bar = page.locator('kvm-monitor p.bar', { hasText: 'This picture is 7 s old' });
  await bar.waitFor();
  // The window may still be growing: what counts is how they end up.
  await page.waitForFunction(
    ([below, above]) => {
      const [top, picture] = [below, above].map((element) => element?.getBoundingClientRect());
      return document.fullscreenElement && top && picture && picture.bottom <= top.top + 0.5;
    },
    [await bar.elementHandle(), await page.locator('kvm-picture').elementHandle()] as const,
  );
});

test('sliders: neutral makes no filter, reset brings it back', async () => {
  const page = await open('live');
  const filter = (): Promise<string> =>
    page.locator('kvm-picture canvas').evaluate((element) => getComputedStyle(element).filter);
  assert.equal(await filter(), 'none');
  await page.getByRole('tab', { name: 'Image' }).click();
  await page.getByLabel('Contrast').fill('118');
  assert.equal(await filter(), 'brightness(1) contrast(1.18) saturate(1)');
  await page.getByRole('button', { name: 'Reset' }).click();
  assert.equal(await filter(), 'none');
});

test('1:1 shows one picture pixel on one screen pixel, and the pointer pans', async () => {
  const page = await open('live');
  await page.getByRole('button', { name: '1:1' }).click();
  const box = await page.locator('kvm-picture canvas').boundingBox();
  assert.equal(box?.width, 1920);
  assert.equal(box?.height, 1080);
  const frame = await page.locator('kvm-picture').boundingBox();
  assert.ok(frame && frame.width < 1920, 'the picture is larger than its frame');
  await page.mouse.move(frame.x + frame.width - 5, frame.y + frame.height - 5);
  const panned = await page.locator('kvm-picture canvas').boundingBox();
  assert.ok(panned);
  assert.ok(Math.abs(panned.x + panned.width - frame.x - frame.width) < 2, 'the right edge shows');
  assert.ok(Math.abs(panned.y + panned.height - frame.y - frame.height) < 2, 'so does the bottom');
});

test('keys: a chord by its button; on a phone modifiers wait for the next key', async () => {
  const page = await open('live');
  await page.getByRole('button', { name: 'Ctrl Alt Del' }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  const control = page.getByRole('button', { name: 'Ctrl', exact: true });
  await control.click();
  assert.equal(await control.getAttribute('aria-pressed'), 'true');
  await page.getByRole('button', { name: 'Home' }).click();
  assert.equal(await control.getAttribute('aria-pressed'), 'false');
  assert.deepEqual(await calls(page), [
    'mountPicture',
    'sendChord ControlLeft AltLeft Delete',
    'sendChord ControlLeft Home',
  ]);
});

test('who only watches cannot press keys, and takes control back with one click', async () => {
  const page = await open('control-lost');
  assert.ok(await page.getByRole('button', { name: 'Ctrl Alt Del' }).isDisabled());
  await page.getByText('Lin took control').waitFor();
  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByText('Click the picture to type and point').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Ctrl Alt Del' }).isEnabled());
});

test('the theme is kept for the next visit', async () => {
  const page = await open('live');
  await page.getByRole('button', { name: 'Dark' }).click();
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  await page.reload();
  await page.waitForSelector('html[data-theme="dark"]');
  assert.equal(
    await page.getByRole('button', { name: 'Dark' }).getAttribute('aria-pressed'),
    'true',
  );
});

test('the drawer of a narrow window opens from the chin and closes with Escape', async () => {
  const page = await open('live', 1024, 768);
  assert.equal(await page.locator('kvm-tower').isVisible(), false);
  await page.getByRole('button', { name: '35 ms' }).click();
  await page.locator('kvm-tower').getByRole('button', { name: 'Close' }).waitFor();
  assert.equal(await focused(page), 'Close');
  await page.keyboard.press('Escape');
  await page.locator('kvm-tower').waitFor({ state: 'hidden' });
  assert.equal(await focused(page), '35 ms');
});
