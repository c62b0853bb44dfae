import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { StateMessage } from '../../server/protocol/control-messages.js';
import { TcpRelay } from '../net/relay.js';
import { launchBrowser } from './browser.js';
import { ConsolePage } from './console-page.js';
import { TestAppliance } from './test-appliance.js';
import { until } from './until.js';

/** The WebSocket carrier over a path far below the bitrate and below its floor. */
const PATH_BPS = 150_000;

let browser: Browser;
let appliance: TestAppliance;
let relay: TcpRelay;
let viewer: ConsolePage;

before(async () => {
  appliance = await TestAppliance.start();
  relay = await TcpRelay.open(appliance.url);
  browser = await launchBrowser();
  viewer = await ConsolePage.open(browser, { url: relay.url }, '?transport=ws');
  await viewer.claim(appliance);
  await viewer.ready();
  Object.assign(relay.down.shape, { bitsPerSecond: PATH_BPS, delayMs: 20, queueMs: 300 });
  await appliance.target.bootTo('desktop');
});

after(async () => {
  await viewer?.close();
  await browser?.close();
  await relay?.close();
  await appliance?.close();
});

test('a moving picture goes on and keys arrive, on one connection', async () => {
  const drawn = async () => (await viewer.state<{ framesTotal: number }>('metrics')).framesTotal;
  const rate = async () => (await viewer.state<StateMessage>('remote')).video.bitrateBps;
  const from = await drawn();
  const explain = async () => `${(await drawn()) - from} pictures drawn, ${await rate()} bits/s`;
  await until(
    'twenty pictures, of an encoder that makes no more than the path carries',
    async () => {
      const bitrateBps = await rate();
      return (await drawn()) - from > 20 && bitrateBps > 0 && bitrateBps < 2 * PATH_BPS;
    },
    explain,
    60_000,
  );
  const before = (await appliance.keyReports()).length;
  await viewer.focus();
  await viewer.page.keyboard.press('KeyQ');
  await until('the key, down and up', async () => {
    return (await appliance.keyReports()).length >= before + 2;
  });
  assert.equal(await viewer.state('phase'), 'live');
  const log = await viewer.state<{ text: string }[]>('log');
  assert.deepEqual(
    log.filter(({ text }) => /lost$|stopped/.test(text)),
    [],
  );
});
