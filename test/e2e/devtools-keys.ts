import type { CDPSession, Page } from 'playwright-core';

/** Bits of `modifiers` of Input.dispatchKeyEvent. */
export const MODIFIER = { alt: 1, control: 2, meta: 4, shift: 8 } as const;

export interface DevtoolsKey {
  code: string;
  key: string;
  modifiers?: number;
  /** 1 left, 2 right (KeyboardEvent.location). */
  location?: number;
  /** Windows' virtual key; 229 is what a key gives that an input method has taken. */
  windowsVirtualKeyCode?: number;
  /** Seconds; events of one moment have the same. */
  timestamp?: number;
}

/** Key events as the browser gets them from the system, each by itself: what Playwright's keyboard cannot press. */
export class DevtoolsKeys {
  readonly session: CDPSession;

  private constructor(session: CDPSession) {
    this.session = session;
  }

  static async of(page: Page): Promise<DevtoolsKeys> {
    return new DevtoolsKeys(await page.context().newCDPSession(page));
  }

  async down(key: DevtoolsKey): Promise<void> {
    await this.session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
  }

  async up(key: DevtoolsKey): Promise<void> {
    await this.session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  }

  async press(key: DevtoolsKey): Promise<void> {
    await this.down(key);
    await this.up(key);
  }
}
