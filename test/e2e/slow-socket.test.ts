import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { StateMessage } from '../../server/protocol/control-messages.js';
import { launchBrowser } from './browser.js';
import { ConsolePage } from './console-page.js';
import { TcpRelay } from './tcp-relay.js';
import { TestAppliance } from './test-appliance.js';
import { until } from './until.js';

/** The WebSocket carrier over a path that carries less than the moving desktop needs. */
let browser: Browser;
let appliance: TestAppliance;
let relay: TcpRelay;
let viewer: ConsolePage;

before(async () => {
  // Without adaptation, which would fit the pictures to the path.
  appliance = await TestAppliance.start(['--bitrate-fixed']);
  relay = await TcpRelay.start(appliance.url);
  browser = await launchBrowser();
  viewer = await ConsolePage.open(browser, { url: relay.url }, '?transport=ws');
  await viewer.claim(appliance);
  await viewer.ready();
  await appliance.target.bootTo('desktop');
  await until('the desktop', async () => (await viewer.state('pictureWidth')) === 1280);
});

after(async () => {
  await viewer?.close();
  await browser?.close();
  await relay?.close();
  await appliance?.close();
});

interface Seen {
  /** Pictures that the page drew since it connected. */
  drawn: number;
  /** Number of the last picture that the appliance coded, as the page knows it. */
  coded: number;
}

async function seen(): Promise<Seen> {
  const remote = await viewer.state<StateMessage | null>('remote');
  const metrics = await viewer.state<{ framesTotal: number }>('metrics');
  return { drawn: metrics.framesTotal, coded: remote?.video.lastPicture?.number ?? 0 };
}

test('what the path cannot carry is dropped up to a keyframe: the picture goes on, keys arrive', async () => {
  relay.downBytesPerSecond = 100_000;
  const from = await seen();
  const explain = async () => JSON.stringify([from, await seen()]);
  await until(
    'pictures that were dropped, and others that were drawn after them',
    async () => {
      const { drawn, coded } = await seen();
      const dropped = coded - from.coded - (drawn - from.drawn);
      return dropped > 60 && drawn - from.drawn > 20;
    },
    explain,
  );
  const before = (await appliance.target.log()).filter(({ fn }) => fn === 'keyboard').length;
  await viewer.focus();
  await viewer.page.keyboard.press('KeyQ');
  await until(
    'the key, down and up',
    async () =>
      (await appliance.target.log()).filter(({ fn }) => fn === 'keyboard').length >= before + 2,
  );
  assert.equal(await viewer.state('phase'), 'live');
});

test('on a free path again every picture is drawn and none is old', async () => {
  relay.downBytesPerSecond = Number.POSITIVE_INFINITY;
  await until(
    'all pictures of a second',
    async () => {
      const first = await seen();
      const next = await until('the next state', async () => {
        const now = await seen();
        return now.coded - first.coded >= 20 ? now : null;
      });
      return next.drawn - first.drawn >= 0.8 * (next.coded - first.coded);
    },
    async () => JSON.stringify(await seen()),
  );
  assert.equal(await viewer.state('pictureAgeSeconds'), null);
  assert.deepEqual(viewer.errors, []);
});
