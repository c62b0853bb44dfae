import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchSleepyBrowser } from './browser.js';
import { ConsolePage } from './console-page.js';
import { TestAppliance } from './test-appliance.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

let laptop: Awaited<ReturnType<typeof launchSleepyBrowser>>;
let browser: Browser;
let appliance: TestAppliance;

before(async () => {
  appliance = await TestAppliance.start();
  laptop = await launchSleepyBrowser();
  browser = laptop.browser;
  const owner = await ConsolePage.open(browser, appliance);
  await owner.claim(appliance);
  await owner.waitForState('phase', 'live');
  await owner.close();
});

after(async () => {
  await laptop?.close();
  await appliance?.close();
});

for (const search of ['?transport=webrtc', '?transport=ws']) {
  describe(`coming back, ${search}`, () => {
    let viewer: ConsolePage;

    before(async () => {
      await appliance.target.bootTo('console');
      viewer = await ConsolePage.open(browser, appliance, search);
      await viewer.login();
      await viewer.ready();
    });

    after(async () => {
      await viewer.close();
    });

    test('a lost carrier: keys are released, the page comes back by itself and keeps control', async () => {
      await viewer.page.keyboard.down('q');
      await until('q down', async () => (await appliance.lastKeys()) === '0000140000000000');
      const sessions = () =>
        appliance.log.filter(({ message }) => message === 'session created').length;
      const before = sessions();
      // A laptop that falls asleep says no goodbye.
      laptop.sleep();
      await until('q up', async () => (await appliance.lastKeys()) === '0000000000000000');
      laptop.wake();
      await viewer.page.keyboard.up('q');
      await until('the page to notice', async () =>
        (await viewer.state<{ text: string }[]>('log')).some(({ text }) =>
          /lost|stopped/.test(text),
        ),
      );
      await viewer.waitForState('phase', 'live');
      await viewer.waitForState('inControl', true);
      assert.equal(sessions(), before, 'it came back to its own session');
      await viewer.focus();
      await typeOnUsKeyboard(viewer.page.keyboard, ' back');
      await until('the text', async () => (await appliance.target.typedText()).endsWith(' back'));
    });

    test('the power button disconnects this viewer and leaves the target alone', async () => {
      const frames = await appliance.target.screenText();
      await viewer.page.locator('kvm-power button').click();
      await viewer.waitForState('phase', 'off');
      assert.equal(await viewer.state('hasPicture'), false);
      assert.equal(await appliance.target.screenText(), frames);
      await viewer.page.locator('kvm-power button').click();
      await viewer.waitForState('hasPicture', true);
    });
  });
}
