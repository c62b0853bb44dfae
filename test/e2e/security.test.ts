import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { apiCall } from './api-call.js';
import { launchBrowser } from './browser.js';
import { ConsolePage, OWNER } from './console-page.js';
import { TestAppliance } from './test-appliance.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

interface StubbornPage {
  connections: Array<RTCPeerConnection | WebSocket>;
}

/** Makes a page never end a connection by itself, as one that was tampered with: what ends is ended by the appliance. */
function neverClose(): void {
  const page = globalThis as unknown as StubbornPage;
  page.connections = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      page.connections.push(this);
    }
    override close(): void {}
  };
  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      page.connections.push(this);
    }
    override close(): void {}
  };
}

let browser: Browser;
let appliance: TestAppliance;
let password = OWNER.password;

before(async () => {
  appliance = await TestAppliance.start();
  browser = await launchBrowser();
  await appliance.target.bootTo('console');
  const owner = await ConsolePage.open(browser, appliance);
  await owner.claim(appliance);
  await owner.waitForState('phase', 'live');
  await owner.close();
});

after(async () => {
  await browser?.close();
  await appliance?.close();
});

const lastKeys = async () =>
  (await appliance.target.log()).filter(({ fn }) => fn === 'keyboard').at(-1)?.hex;

/** True when the appliance has ended every connection that the page has opened. */
const cutOff = () =>
  (globalThis as unknown as StubbornPage).connections.every((connection) =>
    connection instanceof WebSocket
      ? connection.readyState === WebSocket.CLOSED
      : connection.sctp?.transport.state === 'closed',
  );

for (const search of ['?transport=webrtc', '?transport=ws']) {
  describe(`a viewer, ${search}`, () => {
    let viewer: ConsolePage;

    before(async () => {
      viewer = await ConsolePage.open(browser, appliance, search, { scripts: [neverClose] });
      await viewer.login(password);
      await viewer.ready();
    });

    after(async () => {
      await viewer.close();
    });

    test('types: the log gets not one line more', async () => {
      const before = appliance.log.length;
      const secret = `Secret of ${search.length}`;
      await typeOnUsKeyboard(viewer.page.keyboard, secret);
      await until('the text', async () => (await appliance.target.typedText()).endsWith(secret));
      assert.deepEqual(appliance.log.slice(before), []);
    });

    test('loses picture and input at once when the password is changed elsewhere', async () => {
      await viewer.page.keyboard.down('q');
      await until('q down', async () => (await lastKeys()) === '0000140000000000');
      assert.equal(await viewer.page.evaluate(cutOff), false);
      const { token } = await apiCall('POST', `${appliance.url}api/login`, {
        name: OWNER.name,
        password,
        bearer: true,
      });
      const next = `${password} again`;
      const change = { current: password, next };
      await apiCall('POST', `${appliance.url}api/password`, change, token);
      password = next;
      await until('q up', async () => (await lastKeys()) === '0000000000000000');
      await viewer.page.waitForFunction(cutOff, undefined, { timeout: 20_000 });
      await viewer.waitForState('phase', 'login');
      assert.equal(await viewer.state('hasPicture'), false);
      const status = await viewer.page.evaluate(async () => {
        const reply = await fetch('api/session', { method: 'POST' });
        return reply.status;
      });
      assert.equal(status, 401, 'the cookie is void');
      await viewer.page.keyboard.up('q');
    });
  });
}
