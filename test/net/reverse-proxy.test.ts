import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { ConsolePage } from '../e2e/console-page.js';
import { until } from '../e2e/until.js';
import { Coturn } from './coturn.js';
import { ADDRESSES } from './internet.js';
import { mediaPath, watchPeers } from './media-path.js';
import { Nginx } from './nginx.js';
import { RemoteUnit } from './remote-unit.js';
import { typeThrough } from './typing.js';

let coturn: Coturn;
let nginx: Nginx;
let viewer: ConsolePage | undefined;
const unit = RemoteUnit.forTests({
  // What comes from nginx arrives through the home's router.
  args: ['--public-url', Nginx.url, '--trusted-proxy', ADDRESSES.host],
  prepare: async (internet) => {
    coturn = await Coturn.start(internet);
    nginx = await Nginx.start(internet);
  },
});

after(async () => {
  await nginx?.stop();
  await coturn?.stop();
});

afterEach(async () => {
  await viewer?.close();
  viewer = undefined;
});

async function openThroughProxy(search: string): Promise<ConsolePage> {
  await unit.appliance.target.bootTo('console');
  const options = { scripts: [watchPeers] };
  const page = await ConsolePage.open(unit.browser, { url: Nginx.url }, search, options);
  viewer = page;
  await page.login();
  await page.ready();
  return page;
}

test('below a path of nginx, relays on both sides, no UDP on either: WebRTC, typed through', async () => {
  await unit.setIceServers([Coturn.urls.udp, Coturn.urls.tcp], { policy: 'relay' });
  await unit.internet.setFirewall('office', 'no-udp');
  await unit.internet.setFirewall('home', 'no-udp');
  const page = await openThroughProxy('?transport=webrtc');
  const path = await until('a connected peer', () => mediaPath(page));
  assert.deepEqual([path.local, path.remote, path.relayProtocol], ['relay', 'relay', 'tcp']);
  await typeThrough(page, unit.appliance, 'echo through nginx and coturn');
  assert.deepEqual(page.errors, []);
});

test('below a path of nginx: the WebSocket', async () => {
  const page = await openThroughProxy('?transport=ws');
  await typeThrough(page, unit.appliance, 'echo through nginx');
  assert.deepEqual(page.errors, []);
});
