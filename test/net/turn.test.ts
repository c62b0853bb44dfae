import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import type { ConsolePage } from '../e2e/console-page.js';
import { until } from '../e2e/until.js';
import { Coturn } from './coturn.js';
import { ADDRESSES, type Firewall } from './internet.js';
import { liveAgain } from './live-picture.js';
import { mediaPath } from './media-path.js';
import { RemoteUnit } from './remote-unit.js';
import { typeThrough } from './typing.js';

const { urls } = Coturn;
let coturn: Coturn;
const unit = RemoteUnit.forTests({
  prepare: async (internet) => {
    coturn = await Coturn.start(internet);
  },
});
let viewer: ConsolePage | undefined;

after(() => coturn?.stop());

afterEach(async () => {
  await viewer?.close();
  viewer = undefined;
  await unit.internet.setFirewall('office', 'open');
  await unit.internet.setFirewall('home', 'open');
});

async function pathOf(page: ConsolePage) {
  await page.waitForState('transport', 'webrtc', 30_000);
  return until('a connected peer', () => mediaPath(page));
}

/** What both firewalls let through, the servers, and over what the viewer then reaches its relay. */
const RUNGS: ReadonlyArray<{ rung: string; firewall: Firewall; servers: string[]; over: string }> =
  [
    { rung: 'udp', firewall: 'open', servers: [urls.udp], over: 'udp' },
    { rung: 'tcp', firewall: 'no-udp', servers: [urls.udp, urls.tcp], over: 'tcp' },
    { rung: 'tls', firewall: 'web-only', servers: [urls.udp, urls.tcp, urls.tls], over: 'tls' },
  ];

for (const { rung, firewall, servers, over } of RUNGS) {
  test(`TURN over ${rung}, both sides behind a firewall that is ${firewall}: reached, typed through, left`, async () => {
    const { internet } = unit;
    // With nothing in the way the direct path would be the better one.
    await unit.setIceServers(servers, { policy: 'relay' });
    await internet.setFirewall('office', firewall);
    await internet.setFirewall('home', firewall);
    viewer = await unit.openConsole();
    const path = await pathOf(viewer);
    assert.equal(path.remote, 'relay');
    assert.equal(path.remoteAddress, ADDRESSES.host);
    if (firewall !== 'open') assert.deepEqual([path.local, path.relayProtocol], ['relay', over]);
    await typeThrough(viewer, unit.appliance, `echo over turn ${rung}`);

    await internet.setFirewall('home', 'page-only');
    await internet.setFirewall('office', 'page-only');
    await viewer.waitForState('transport', 'websocket', 40_000);
    await liveAgain(viewer);
    await typeThrough(viewer, unit.appliance, 'echo without turn');
  });
}
