import { type Browser, chromium } from 'playwright-core';

/** Debian's Chromium, headless, without anything that would reach for the network by itself. */
export const LAUNCH = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

export function launchBrowser(): Promise<Browser> {
  return chromium.launch(LAUNCH);
}

/** A browser whose every process can be stopped and continued, as a laptop that sleeps and wakes up. */
export async function launchSleepyBrowser() {
  const server = await chromium.launchServer(LAUNCH);
  const browser = await chromium.connect(server.wsEndpoint());
  // Playwright starts the browser as the leader of a process group of its own.
  const group = -(server.process().pid as number);
  return {
    browser,
    sleep: () => process.kill(group, 'SIGSTOP'),
    wake: () => process.kill(group, 'SIGCONT'),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
