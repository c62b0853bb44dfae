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

/** Chromium's own repair (NACK and RTX) with ours, over paths that lose datagrams in both directions. */
let browser: Browser;
let appliance: TestAppliance;
let relay: UdpRelay;
let viewer: ConsolePage;

const PICTURES = 200;

/** What the page tells of the pictures. */
interface Watch {
  watchedConnection: RTCPeerConnection;
}

/** Runs in the page before its own scripts. */
function watchInPage(): void {
  const watch = globalThis as unknown as Watch;
  const Native = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      watch.watchedConnection = this;
    }
  };
}

before(async () => {
  appliance = await TestAppliance.start(['--frame-rate', '30']);
  browser = await launchBrowser();
  relay = await UdpRelay.open();
  for (const { shape } of [relay.down, relay.up]) shape.delayMs = 75;
  viewer = await ConsolePage.open(browser, appliance, '?transport=webrtc', {
    scripts: [watchInPage],
  });
  await routeThrough(viewer.page, relay);
  await viewer.claim(appliance);
  await viewer.ready();
  await appliance.target.bootTo('desktop');
  await until('a moving picture', async () => (await counts()).decoded > 60);
});

after(async () => {
  await viewer?.close();
  await browser?.close();
  relay?.close();
  await appliance?.close();
});

interface Counts {
  coded: number;
  decoded: number;
  keyframes: number;
  /** Picture loss indications: requests for a keyframe. */
  requests: number;
}

/** At the moment when a state message has come, so that the numbers of both sides belong together. */
async function counts(): Promise<Counts> {
  return await viewer.page.evaluate(async () => {
    const { watchedConnection } = globalThis as unknown as Watch;
    const app = document.querySelector('kvm-app') as unknown as {
      store: { value: { remote: StateMessage } };
    };
    const { nowUs } = app.store.value.remote;
    while (app.store.value.remote.nowUs === nowUs) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const coded = app.store.value.remote.video.lastPicture?.number ?? 0;
    for (const report of (await watchedConnection.getStats()).values()) {
      if (report.type !== 'inbound-rtp' || report.kind !== 'video') continue;
      const { framesDecoded, keyFramesDecoded, pliCount } = report;
      return { coded, decoded: framesDecoded, keyframes: keyFramesDecoded, requests: pliCount };
    }
    throw new Error('no video is received');
  });
}

for (const [loss, roundTripMs] of [
  [0.02, 150],
  [0.01, 40],
  [0.05, 40],
] as const) {
  test(`${loss * 100} % lost each way, ${roundTripMs} ms there and back: the picture goes on`, async () => {
    for (const { shape } of [relay.down, relay.up]) {
      Object.assign(shape, { loss, delayMs: roundTripMs / 2 });
    }
    const from = await counts();
    const lost = relay.down.counts.lost;
    let now = from;
    /** The most pictures that the page has been behind. */
    let furthest = 0;
    await until(
      `${PICTURES} pictures`,
      async () => {
        now = await counts();
        furthest = Math.max(furthest, now.coded - from.coded - (now.decoded - from.decoded));
        return now.decoded - from.decoded >= PICTURES;
      },
      () => JSON.stringify({ from, now }),
      90_000,
    );
    const found = JSON.stringify({ from, now, furthest, relay: relay.down.counts });
    assert.ok(relay.down.counts.lost > lost, 'the path has lost something');
    const coded = now.coded - from.coded;
    // Two of them may be on their way.
    assert.ok(coded - (now.decoded - from.decoded) <= 0.02 * coded + 2, found);
    assert.ok(now.requests - from.requests <= 1, found);
    assert.ok(now.keyframes - from.keyframes <= 5, found);
    // Half a second at 30 pictures per second.
    assert.ok(furthest <= 15, found);
  });
}
