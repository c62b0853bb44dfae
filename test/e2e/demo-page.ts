import { after, afterEach, before } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type DemoSite, startDemoSite } from '../visual/demo-site.js';
import { launchBrowser } from './browser.js';

/** The page in Chromium without an appliance, one for each test: what it shows is a state that the test names. */
export class DemoPage {
  #browser: Browser | null = null;
  #site: DemoSite | null = null;
  #context: BrowserContext | null = null;

  /** For the tests of the file that makes it, at its top: browser and site come and go with them. */
  constructor() {
    before(async () => {
      this.#site = await startDemoSite();
      this.#browser = await launchBrowser();
    });
    afterEach(async () => {
      await this.#context?.close();
      this.#context = null;
    });
    after(async () => {
      await this.#browser?.close();
      await this.#site?.close();
    });
  }

  /** The page in one of DEMO_STATES. */
  async open(state: string): Promise<Page> {
    if (!this.#browser || !this.#site) throw new Error('only a test opens the page');
    this.#context = await this.#browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await this.#context.newPage();
    await page.goto(`${this.#site.url}#${state}`);
    await page.waitForSelector('kvm-tower');
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
