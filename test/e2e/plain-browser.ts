import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type BrowserContext, chromium } from 'playwright-core';
import { LAUNCH } from './browser.js';

/** Chromium whose tabs are hidden behind each other and lose the focus, as users' do and Playwright's never. */
export interface PlainBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Starts one with a profile of its own; it takes any certificate. */
export async function launchPlainBrowser(): Promise<PlainBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'mykvm-chromium-'));
  const own = [`--user-data-dir=${profile}`, '--remote-debugging-port=0'];
  const flags = ['--headless', '--ignore-certificate-errors', '--window-size=1440,900'];
  const child = spawn(LAUNCH.executablePath, [...LAUNCH.args, ...own, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const close = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (!address) continue;
      // Without its defaults Playwright does not emulate focus, which would keep every tab visible.
      const browser = await chromium.connectOverCDP(address, { noDefaults: true });
      const [context] = browser.contexts();
      if (!context) throw new Error('Chromium has no profile');
      // From now on nobody reads what it writes.
      child.stderr.resume();
      return { context, close };
    }
    throw new Error('Chromium ended before it could be reached');
  } catch (error) {
    await close();
    throw error;
  }
}
