import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type DemoSite, startDemoSite } from '../visual/demo-site.js';
import { launchBrowser } from './browser.js';

/** How the window is; a desktop's where nothing is said. */
export interface DemoWindow {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly hasTouch?: boolean | undefined;
}

/** The page in Chromium without an appliance, one for each test: what it shows is a state that the test names. Its errors fail the test. */
export class DemoPage {
  #browser: Browser | null = null;
  #site: DemoSite | null = null;
  #context: BrowserContext | null = null;
  #errors: string[] = [];

  /** For the tests of the file that makes it, at its top: browser and site come and go with them. */
  constructor() {
    before(async () => {
      this.#site = await startDemoSite();
      this.#browser = await launchBrowser();
    });
    afterEach(async () => {
      await this.#context?.close();
      this.#context = null;
      assert.deepEqual(this.#errors.splice(0), []);
    });
    after(async () => {
      await this.#browser?.close();
      await this.#site?.close();
    });
  }

  /** The page in one of DEMO_STATES. */
  async open(state: string, window: DemoWindow = {}): Promise<Page> {
    if (!this.#browser || !this.#site) throw new Error('only a test opens the page');
    const { width = 1440, height = 900, hasTouch = false } = window;
    this.#context = await this.#browser.newContext({ viewport: { width, height }, hasTouch });
    const page = await this.#context.newPage();
    page.on('pageerror', (error) => this.#errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text());
    });
    await page.goto(`${this.#site.url}#${state}`);
    await page.waitForSelector('body[data-drawn]');
    return page;
  }
}

/** Waits until the page has asked its session for this: the name of the action and what it was given. */
export async function called(page: Page, call: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.body.dataset['calls']?.split('\n').includes(wanted),
    call,
  );
}
