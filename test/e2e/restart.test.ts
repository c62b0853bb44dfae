import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.js';
import { ConsolePage } from './console-page.js';
import { TcpRelay } from './tcp-relay.js';
import { TestAppliance } from './test-appliance.js';
import { until } from './until.js';

let browser: Browser;

before(async () => {
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
});

/** Waits until the page's log has this line. */
const logged = (viewer: ConsolePage, words: RegExp) =>
  until(
    `${words} in the page's log`,
    async () =>
      (await viewer.state<{ text: string }[]>('log')).some((line) => words.test(line.text)),
    async () => JSON.stringify(await viewer.state('log')),
  );

/** Pixels of text in the shown picture. */
async function brightPixels(viewer: ConsolePage): Promise<number> {
  const { rgba } = await viewer.pixels(0, 64, 1280, 600);
  let bright = 0;
  for (let at = 1; at < rgba.length; at += 4) if ((rgba[at] ?? 0) > 120) bright += 1;
  return bright;
}

for (const [search, transport] of [
  ['', 'webrtc'],
  ['?transport=ws', 'websocket'],
] as const) {
  describe(`an open page while the appliance restarts, ${transport}`, () => {
    let appliance: TestAppliance;
    let viewer: ConsolePage;

    before(async () => {
      appliance = await TestAppliance.start();
      await appliance.target.bootTo('console');
      viewer = await ConsolePage.open(browser, appliance, search);
      await viewer.claim(appliance);
      await viewer.ready();
      await until('text in the picture', () => brightPixels(viewer));
    });

    after(async () => {
      await viewer?.close();
      await appliance?.close();
    });

    test('it says why, comes back by itself to the sign-in and, signed in, to the picture', async () => {
      const old = appliance;
      const next = old.successor();
      await logged(viewer, /shutting down/);
      await viewer.waitForState('phase', 'reconnecting');
      assert.ok((await brightPixels(viewer)) > 0, 'the last picture stays in sight');
      appliance = await next;
      await viewer.waitForState('phase', 'login');
      assert.equal(await viewer.state('formError'), 'This sign-in was ended.');
      assert.equal(await viewer.state('userName'), null);
      assert.equal(await viewer.state('hasPicture'), false);
      await viewer.login();
      await viewer.ready();
      // That the appliance was away says nothing against WebRTC.
      await viewer.waitForState('transport', transport);
    });
  });

  test(`a page that comes back after its session ended gets a new one, ${transport}`, async () => {
    const appliance = await TestAppliance.start();
    const relay = await TcpRelay.start(appliance.url);
    try {
      const viewer = await ConsolePage.open(browser, { url: relay.url }, search);
      await viewer.claim(appliance);
      await viewer.ready();
      await viewer.waitForState('transport', transport);
      const cookies = await viewer.page.context().cookies(relay.url);
      const session = await viewer.state('sessionId');
      relay.cut();
      // Over WebRTC the media goes on: only signalling is cut until the session ends.
      if (transport === 'websocket') {
        await viewer.page.getByText(/Frozen \d+ s, reconnecting/).waitFor();
        assert.equal(await viewer.state('hasPicture'), true);
      }
      await endSession(appliance.url, String(session), cookies);
      await viewer.waitForState('phase', 'reconnecting');
      relay.restore();
      await until('another session', async () => (await viewer.state('sessionId')) !== session);
      await viewer.waitForState('phase', 'live');
      await viewer.ready();
      await viewer.waitForState('transport', transport);
      await viewer.close();
    } finally {
      await relay.close();
      await appliance.close();
    }
  });
}

test('a page that stayed open over an update of the appliance is told to reload', async () => {
  const appliance = await TestAppliance.start();
  try {
    const viewer = await ConsolePage.open(browser, appliance, '?transport=ws');
    await viewer.page.routeWebSocket(/socket$/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        const text = typeof message === 'string' ? message : null;
        socket.send(text?.replace(/"protocol":\d+/, '"protocol":999') ?? message);
      });
    });
    await viewer.claim(appliance);
    await viewer.page.getByText('another version').first().waitFor();
    await viewer.page.getByRole('button', { name: 'Reload' }).waitFor();
    assert.equal(await viewer.state('phase'), 'ended');
    assert.equal(await viewer.state('inControl'), false);
    await viewer.close();
  } finally {
    await appliance.close();
  }
});

/** Ends a session as the appliance does when nobody came back to it, past the cut path. */
async function endSession(url: string, id: string, cookies: { name: string; value: string }[]) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const reply = await context.request.delete(`${url}api/session/${id}`, {
    headers: {
      Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      Origin: new URL(url).origin,
    },
  });
  assert.equal(reply.status(), 204, await reply.text());
  await context.close();
}
