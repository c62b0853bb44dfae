import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { StateMessage } from '../../server/protocol/control-messages.js';
import { UdpRelay } from '../net/relay.js';
import { routeThrough } from '../net/route-through.js';
import { launchBrowser } from './browser.js';
import { ConsolePage } from './console-page.js';
import { TestAppliance } from './test-appliance.js';
import { until } from './until.js';

/** WebRTC through a router whose line falls from 8 to 1 Mbit/s and recovers; its queue holds a second. */
let browser: Browser;
let appliance: TestAppliance;
let relay: UdpRelay;
let viewer: ConsolePage;

before(async () => {
  appliance = await TestAppliance.start();
  browser = await launchBrowser();
  relay = await UdpRelay.open();
  Object.assign(relay.down.shape, { bitsPerSecond: 8e6, delayMs: 10, queueMs: 1000 });
  viewer = await ConsolePage.open(browser, appliance, '?transport=webrtc');
  await routeThrough(viewer.page, relay);
  await viewer.claim(appliance);
  await viewer.ready();
  await appliance.target.bootTo('desktop');
});

after(async () => {
  await viewer?.close();
  await browser?.close();
  relay?.close();
  await appliance?.close();
});

async function bitrateBps(): Promise<number> {
  return (await viewer.state<StateMessage>('remote')).video.bitrateBps;
}

const explain = async () => `${await bitrateBps()} bits/s, ${JSON.stringify(relay.down.counts)}`;

test('the encoder follows the line down, and no queue stands', async () => {
  await until('motion', async () => (await bitrateBps()) > 500_000, explain, 40_000);
  relay.down.shape.bitsPerSecond = 300_000;
  await until(
    'a bitrate that the line carries, an empty queue and a picture that is not old',
    async () => {
      const fits = await bitrateBps();
      const waitMs = relay.down.waitMs(performance.now());
      return fits > 0 && fits < 330_000 && waitMs < 100;
    },
    explain,
    40_000,
  );
  const drawn = async () => (await viewer.state<{ framesTotal: number }>('metrics')).framesTotal;
  const from = await drawn();
  await until('pictures', async () => (await drawn()) - from > 20, explain, 40_000);
});

test('and up again', async () => {
  relay.down.shape.bitsPerSecond = 8e6;
  await until('a high bitrate', async () => (await bitrateBps()) > 500_000, explain, 60_000);
  const log = await viewer.state<{ text: string }[]>('log');
  assert.deepEqual(
    log.filter(({ text }) => /lost$|stopped/.test(text)),
    [],
  );
});
