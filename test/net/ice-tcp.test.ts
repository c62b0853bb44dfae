import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { ConsolePage } from '../e2e/console-page.js';
import { until } from '../e2e/until.js';
import { ADDRESSES } from './internet.js';
import { liveAgain } from './live-picture.js';
import { mediaPath } from './media-path.js';
import { RemoteUnit } from './remote-unit.js';
import { typeThrough } from './typing.js';

const unit = RemoteUnit.forTests({ prepare: (internet) => internet.forwardMediaTcp() });
let viewer: ConsolePage | undefined;

afterEach(() => viewer?.close());

test('ICE-TCP: without UDP, WebRTC over a TCP port that the router passes on: reached, typed through, left', async () => {
  const { internet } = unit;
  await internet.setFirewall('office', 'no-udp');
  viewer = await unit.openConsole();
  const page = viewer;
  await page.waitForState('transport', 'webrtc', 30_000);
  const path = await until('a connected peer', () => mediaPath(page));
  assert.equal(path.protocol, 'tcp');
  assert.equal(path.relayProtocol, null);
  assert.equal(path.remoteAddress, ADDRESSES.home);
  await typeThrough(page, unit.appliance, 'echo over ice tcp');

  await internet.setFirewall('office', 'web-only');
  await page.waitForState('transport', 'websocket', 40_000);
  await liveAgain(page);
  await typeThrough(page, unit.appliance, 'echo without ice tcp');
});
