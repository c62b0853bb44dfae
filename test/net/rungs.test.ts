import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { ConsolePage } from '../e2e/console-page.js';
import { until } from '../e2e/until.js';
import { ADDRESSES } from './internet.js';
import { liveAgain } from './live-picture.js';
import { mediaPath } from './media-path.js';
import { RemoteUnit } from './remote-unit.js';
import { typeThrough } from './typing.js';

const unit = RemoteUnit.forTests();
let viewer: ConsolePage | undefined;

afterEach(async () => {
  await viewer?.close();
  viewer = undefined;
  await unit.internet.setFirewall('office', 'open');
});

test('UDP: WebRTC through the address translation of both sides and the ports that the router passes on', async () => {
  viewer = await unit.openConsole();
  await viewer.waitForState('transport', 'webrtc');
  const path = await until('a connected peer', () => mediaPath(viewer as ConsolePage));
  assert.equal(path.protocol, 'udp');
  assert.equal(path.relayProtocol, null);
  assert.equal(path.remoteAddress, ADDRESSES.home);
  await typeThrough(viewer, unit.appliance, 'echo over udp');
});

for (const firewall of ['no-udp', 'web-only'] as const) {
  test(`a network that lets through ${firewall}: the WebSocket by itself`, async () => {
    await unit.internet.setFirewall('office', firewall);
    viewer = await unit.openConsole();
    await viewer.waitForState('transport', 'websocket');
    await typeThrough(viewer, unit.appliance, `echo through ${firewall}`);
  });
}

test('UDP is blocked while WebRTC runs: the same session goes on over the WebSocket, and climbs back when it passes again', async () => {
  viewer = await unit.openConsole();
  await viewer.waitForState('transport', 'webrtc');
  const session = await viewer.state('sessionId');
  await unit.internet.setFirewall('office', 'no-udp');
  await viewer.waitForState('transport', 'websocket', 40_000);
  await liveAgain(viewer);
  await typeThrough(viewer, unit.appliance, 'echo fell back');

  await unit.internet.setFirewall('office', 'open');
  await viewer.waitForState('transport', 'webrtc', 60_000);
  await liveAgain(viewer);
  await typeThrough(viewer, unit.appliance, 'echo climbed back');
  assert.equal(await viewer.state('sessionId'), session);
});
