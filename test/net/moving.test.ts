import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { ConsolePage } from '../e2e/console-page.js';
import { until } from '../e2e/until.js';
import { ADDRESSES } from './internet.js';
import { liveAgain } from './live-picture.js';
import { RemoteUnit } from './remote-unit.js';
import { typeThrough } from './typing.js';

/** With what the browser itself takes to see that a connection is dead. */
const BACK_MS = 60_000;

const unit = RemoteUnit.forTests();
let viewer: ConsolePage | undefined;

afterEach(async () => {
  await viewer?.close();
  await unit.internet.setFirewall('office', 'open');
  await unit.internet.changeViewerAddress(ADDRESSES.viewer);
});

for (const [search, transport] of [
  ['?transport=webrtc', 'webrtc'],
  ['?transport=ws', 'websocket'],
] as const) {
  test(`${transport}: the viewer's address changes while a key is held; it comes back to its session, in control`, async () => {
    viewer = await unit.openConsole(search);
    assert.equal(await viewer.state('transport'), transport);
    const session = await viewer.state('sessionId');
    await viewer.page.keyboard.down('q');
    await until('q down', async () => (await unit.appliance.lastKeys()) === '0000140000000000');
    await unit.internet.changeViewerAddress('10.0.0.77');
    await viewer.page.keyboard.up('q');
    await until('q up', async () => (await unit.appliance.lastKeys()) === '0000000000000000');
    await liveAgain(viewer);
    assert.equal(await viewer.state('sessionId'), session);
    await typeThrough(viewer, unit.appliance, 'echo from elsewhere');
  });

  test(`${transport}: the network is away for a while with a key held; the key is released, then all goes on`, async () => {
    viewer = await unit.openConsole(search);
    const session = await viewer.state('sessionId');
    await viewer.page.keyboard.down('q');
    await until('q down', async () => (await unit.appliance.lastKeys()) === '0000140000000000');
    await unit.internet.setFirewall('office', 'closed');
    await until('q up', async () => (await unit.appliance.lastKeys()) === '0000000000000000');
    await viewer.waitForState('phase', 'reconnecting', BACK_MS);
    await viewer.page.keyboard.up('q');
    await unit.internet.setFirewall('office', 'open');
    await liveAgain(viewer);
    assert.equal(await viewer.state('sessionId'), session);
    await typeThrough(viewer, unit.appliance, 'echo back again');
  });
}
