/**
 * Takes pictures of the page in many states and sizes, without an appliance, to be looked at by people:
 * `node dist/test/visual/screens.js OUT [name ...]` writes OUT/NAME-WIDTHxHEIGHT.png. It fails when the page logs an
 * error, breaks its content security policy, or scrolls sideways.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../e2e/browser.js';
import { startDemoSite } from './demo-site.js';
import { DEMO_STATES } from './demo-states.js';

interface Size {
  width: number;
  height: number;
  scale: number;
  touch: boolean;
}

interface Shot {
  state: string;
  sizes: readonly Size[];
  theme?: 'dark' | 'light';
  /** Tab of the tower. */
  page?: string;
}

const size = (width: number, height: number, scale = 1): Size => ({
  width,
  height,
  scale,
  touch: scale > 1,
});
const FULL = size(1920, 1080);
const LAPTOP = size(1440, 900);
const SMALL = size(1366, 768);
const NARROW = size(1024, 768);
const PORTRAIT = size(390, 844, 2);
const LANDSCAPE = size(844, 390, 2);
const ALL = [FULL, LAPTOP, SMALL, NARROW, PORTRAIT, LANDSCAPE];

const SHOTS: Shot[] = [
  ...['live', 'claim', 'no-signal'].map((state) => ({ state, sizes: ALL })),
  ...['login-error', 'off', 'reconnecting', 'control-lost'].map((state) => ({
    state,
    sizes: [LAPTOP, NARROW, PORTRAIT, LANDSCAPE],
  })),
  ...Object.keys(DEMO_STATES).map((state) => ({ state, sizes: [LAPTOP] })),
  { state: 'live', sizes: [LAPTOP, PORTRAIT], theme: 'dark' },
  { state: 'live', sizes: [LAPTOP, PORTRAIT], theme: 'light' },
  ...['Console', 'Image', 'Target', 'Network', 'People'].flatMap((page) =>
    [undefined, 'dark' as const, 'light' as const].map((theme) => ({
      state: 'live',
      page,
      sizes: [FULL, LAPTOP, PORTRAIT, LANDSCAPE],
      ...(theme && { theme }),
    })),
  ),
  { state: 'no-cable', sizes: [LAPTOP], theme: 'dark' },
];

const out = resolve(process.argv[2] ?? 'dist/screens');
const wanted = new Set(process.argv.slice(3));
await mkdir(out, { recursive: true });
const site = await startDemoSite();

const problems: string[] = [];
const browser = await launchBrowser();

async function shoot(page: Page, shot: Shot, name: string): Promise<void> {
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${name}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${name}: ${error.message}`));
  const { theme } = shot;
  if (theme !== undefined) {
    await page.addInitScript((key) => localStorage.setItem('mykvm.theme', key), theme);
  }
  await page.goto(`${site.url}#${shot.state}`);
  await page.waitForSelector('body[data-drawn]');
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  if (shot.page !== undefined) await openTowerPage(page, shot.page);
  await page.screenshot({ path: join(out, `${name}.png`), animations: 'disabled' });
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  if (sideways) problems.push(`${name}: scrolls sideways`);
}

/** Wherever the tower is in this layout. */
async function openTowerPage(page: Page, label: string): Promise<void> {
  const tab = page.getByRole('tab', { name: label });
  if (!(await tab.isVisible())) {
    await page
      .getByRole('button', { name: /^Status/ })
      .first()
      .click();
  }
  await tab.click();
  for (const summary of await page.locator('kvm-tower summary:visible').all())
    await summary.click();
  await page.waitForLoadState('networkidle');
}

for (const shot of SHOTS) {
  for (const { width, height, scale, touch } of shot.sizes) {
    const name = `${shot.state}${shot.page ? `-${shot.page.toLowerCase()}` : ''}${shot.theme ? `-${shot.theme}` : ''}-${width}x${height}`;
    if (wanted.size > 0 && !wanted.has(name) && !wanted.has(shot.state)) continue;
    const context = await browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: scale,
      hasTouch: touch,
      isMobile: touch,
      timezoneId: 'UTC',
    });
    await shoot(await context.newPage(), shot, name);
    await context.close();
  }
}
await browser.close();
await site.close();
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
