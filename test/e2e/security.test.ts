import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { apiCall } from './api-call.js';
import { ClaimedUnit } from './claimed-unit.js';
import { ConsolePage, OWNER } from './console-page.js';
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

let password = OWNER.password;

const unit = ClaimedUnit.forTests({ prepare: () => unit.appliance.target.bootTo('console') });

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
      viewer = await ConsolePage.open(unit.browser, unit.appliance, search, {
        scripts: [neverClose],
      });
      await viewer.login(password);
      await viewer.ready();
    });

    after(async () => {
      await viewer.close();
    });

    test('types: the log gets not one line more', async () => {
      const before = unit.appliance.log.length;
      const secret = `Secret of ${search.length}`;
      await typeOnUsKeyboard(viewer.page.keyboard, secret);
      await until('the text', async () =>
        (await unit.appliance.target.typedText()).endsWith(secret),
      );
      assert.deepEqual(unit.appliance.log.slice(before), []);
    });

    test('loses picture and input at once when the password is changed elsewhere', async () => {
      await viewer.page.keyboard.down('q');
      await until('q down', async () => (await unit.appliance.lastKeys()) === '0000140000000000');
      assert.equal(await viewer.page.evaluate(cutOff), false);
      const { token } = await apiCall('POST', `${unit.appliance.url}api/login`, {
        name: OWNER.name,
        password,
        bearer: true,
      });
      const next = `${password} again`;
      const change = { current: password, next };
      await apiCall('POST', `${unit.appliance.url}api/password`, change, token);
      password = next;
      await until('q up', async () => (await unit.appliance.lastKeys()) === '0000000000000000');
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
