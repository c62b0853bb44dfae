import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { TestAppliance } from './test-appliance.js';

export const OWNER = { name: 'ada', password: 'correct horse battery' };

/** RGBA pixels of a part of the shown picture, row by row. */
export interface Pixels {
  width: number;
  height: number;
  rgba: Uint8Array;
}

/** What a page can be opened with. */
export interface PageOptions {
  /** Run in the page before its own script. */
  scripts?: ReadonlyArray<() => void>;
  /** Of a browser on another system than this one. */
  userAgent?: string;
  viewport?: { width: number; height: number };
}

/** A condition that has not come true by then never will. */
const DEADLINE_MS = 20_000;

const VIEWPORT = { width: 1440, height: 900 };

/** The page as a viewer uses it. */
export class ConsolePage {
  readonly page: Page;
  readonly errors: string[] = [];
  readonly #context: BrowserContext;

  private constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.#context = context;
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      // Failed requests are listed with their address below.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.errors.push(message.text());
      }
    });
    page.on('response', (reply) => {
      if (reply.status() < 400) return;
      this.errors.push(`${reply.request().method()} ${reply.url()} → ${reply.status()}`);
    });
  }

  /** Opens the page in a browser profile of its own. */
  static async open(
    browser: Browser,
    appliance: Pick<TestAppliance, 'url'>,
    search = '',
    { scripts = [], ...options }: PageOptions = {},
  ): Promise<ConsolePage> {
    const profile = { ignoreHTTPSErrors: true, viewport: VIEWPORT };
    const context = await browser.newContext({ ...profile, ...options });
    for (const script of scripts) await context.addInitScript(script);
    return ConsolePage.openIn(context, appliance, search);
  }

  /** Opens the page in this profile, which is closed with it. */
  static async openIn(
    context: BrowserContext,
    appliance: Pick<TestAppliance, 'url'>,
    search = '',
    scripts: PageOptions['scripts'] = [],
  ): Promise<ConsolePage> {
    const page = await context.newPage();
    for (const script of scripts) await page.addInitScript(script);
    const console = new ConsolePage(page, context);
    await page.goto(`${appliance.url}${search}`);
    return console;
  }

  /** Claims the fresh unit with the code of the log. */
  async claim(appliance: Pick<TestAppliance, 'claimCode'>): Promise<void> {
    const { page } = this;
    await page.getByLabel(/code/i).fill(appliance.claimCode);
    await page.getByLabel(/name/i).fill(OWNER.name);
    await page.getByLabel(/password/i).fill(OWNER.password);
    await page.keyboard.press('Enter');
  }

  async login(password = OWNER.password, name = OWNER.name): Promise<void> {
    const { page } = this;
    await page.getByLabel(/name/i).fill(name);
    await page.getByLabel(/password/i).fill(password);
    await page.keyboard.press('Enter');
  }

  /** Waits until a picture is shown and the viewer has control, then puts the focus on the picture. */
  async ready(deadlineMs = DEADLINE_MS): Promise<void> {
    await this.waitForState('hasPicture', true, deadlineMs);
    await this.waitForState('inControl', true, deadlineMs);
    await this.focus();
  }

  async focus(): Promise<void> {
    await this.page.locator('kvm-picture').focus();
  }

  /** Waits until a field of the page's state has this value. */
  async waitForState(field: string, value: unknown, deadlineMs = DEADLINE_MS): Promise<void> {
    await this.page.waitForFunction(
      ([name, wanted]) => {
        const app = document.querySelector('kvm-app') as unknown as {
          store?: { value: Record<string, unknown> };
        } | null;
        return app?.store?.value[name as string] === wanted;
      },
      [field, value] as const,
      { timeout: deadlineMs },
    );
  }

  async state<T>(field: string): Promise<T> {
    return (await this.page.evaluate((name) => {
      const app = document.querySelector('kvm-app') as unknown as {
        store: { value: Record<string, unknown> };
      };
      return app.store.value[name];
    }, field)) as T;
  }

  /** What the viewer sees: pixels of the picture itself, whatever shows it. */
  async pixels(x: number, y: number, width: number, height: number): Promise<Pixels> {
    const base64 = await this.page.evaluate(
      ([left, top, w, h]) => {
        const surface = document
          .querySelector('kvm-app')
          ?.shadowRoot?.querySelector('kvm-monitor')
          ?.shadowRoot?.querySelector('kvm-picture :is(video, canvas):last-child');
        const canvas = new OffscreenCanvas(w, h);
        const context = canvas.getContext('2d');
        if (!surface || !context) throw new Error('no picture is shown');
        context.drawImage(surface as HTMLVideoElement, left, top, w, h, 0, 0, w, h);
        const { data } = context.getImageData(0, 0, w, h);
        let text = '';
        for (let at = 0; at < data.length; at += 0x8000) {
          text += String.fromCharCode(...data.subarray(at, at + 0x8000));
        }
        return btoa(text);
      },
      [x, y, width, height] as const,
    );
    return { width, height, rgba: Buffer.from(base64, 'base64') };
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
