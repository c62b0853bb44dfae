import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import type { StateMessage } from '../../server/protocol/control-messages.js';
import { ClaimedUnit } from './claimed-unit.js';
import { ConsolePage } from './console-page.js';
import { launchPlainBrowser, type PlainBrowser } from './plain-browser.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

let plain: PlainBrowser;
const unit = ClaimedUnit.forTests({
  prepare: async () => {
    plain = await launchPlainBrowser();
  },
});

after(() => plain?.close());

function withoutWebCodecs(): void {
  Reflect.deleteProperty(globalThis, 'VideoDecoder');
}

const WAYS: ReadonlyArray<[search: string, words: string, scripts: Array<() => void>]> = [
  ['?transport=webrtc', 'WebRTC', []],
  ['?transport=ws', 'WebSocket', []],
  ['?transport=ws', 'WebSocket without WebCodecs', [withoutWebCodecs]],
];

for (const [search, words, scripts] of WAYS) {
  describe(`a tab that is not seen, ${words}`, () => {
    let viewer: ConsolePage;

    beforeEach(async () => {
      await plain.context.clearCookies();
      await unit.appliance.target.bootTo('console');
      viewer = await ConsolePage.openIn(plain.context, unit.appliance, search, scripts);
      await viewer.login();
      await viewer.ready();
    });

    afterEach(() => viewer.page.close());

    const hide = async () => {
      const other = await plain.context.newPage();
      await other.bringToFront();
      await until('the page to be hidden', () => viewer.page.evaluate(() => document.hidden));
      return other;
    };

    /** The page shows what the target shows now, and types. */
    async function backInUse(): Promise<void> {
      await viewer.waitForState('phase', 'live');
      await viewer.waitForState('inControl', true);
      await until(
        'a picture of the menu',
        async () => (await viewer.state('pictureWidth')) === 640,
        () => viewer.state('pictureWidth'),
      );
      await viewer.waitForState('pictureAgeSeconds', null);
      await unit.appliance.target.bootTo('console');
      await viewer.focus();
      await typeOnUsKeyboard(viewer.page.keyboard, 'seen');
      await until('the text', async () =>
        (await unit.appliance.target.typedText()).endsWith('seen'),
      );
    }

    test('hidden, it lets go of the keys; seen again, it shows what changed meanwhile', async () => {
      await viewer.page.keyboard.down('q');
      await until('q down', async () => (await unit.appliance.lastKeys()) === '0000140000000000');
      const other = await hide();
      await until('q up', async () => (await unit.appliance.lastKeys()) === '0000000000000000');
      await unit.appliance.target.bootTo('menu');
      await viewer.page.bringToFront();
      await backInUse();
      assert.deepEqual(viewer.errors, []);
      await other.close();
    });

    test('frozen until the appliance gave it up, it comes back to its own session by itself', async () => {
      const watcher = await unit.open('?transport=ws');
      const carrier = async () =>
        (await watcher.state<StateMessage | null>('remote'))?.viewers.find(
          ({ inControl }) => inControl,
        )?.carrier;
      await until('the watcher to see who is there', carrier);
      const session = await viewer.state('sessionId');
      await viewer.page.keyboard.down('w');
      await until('w down', async () => (await unit.appliance.lastKeys()) === '00001a0000000000');
      const other = await hide();
      const devtools = await plain.context.newCDPSession(viewer.page);
      await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
      await until('w up', async () => (await unit.appliance.lastKeys()) === '0000000000000000');
      await until('the carrier to end', async () => (await carrier()) === 'none');
      await unit.appliance.target.bootTo('menu');
      await viewer.page.bringToFront();
      await backInUse();
      assert.equal(await viewer.state('sessionId'), session);
      await watcher.close();
      await other.close();
    });
  });
}
