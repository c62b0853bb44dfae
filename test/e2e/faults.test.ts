import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { createPipeline, type PipelineListener } from '../../native/index.js';
import { launchBrowser } from './browser.js';
import { ConsolePage } from './console-page.js';
import { TestAppliance } from './test-appliance.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

let browser: Browser;
let appliance: TestAppliance;
/** While true no pipeline can be made. */
let encoderMissing = false;
let newestListener: PipelineListener | null = null;

before(async () => {
  appliance = await TestAppliance.start([], {
    createPipeline: (options, listener) => {
      if (encoderMissing) throw new Error('the encoder is gone');
      newestListener = listener;
      return createPipeline(options, listener);
    },
  });
  browser = await launchBrowser();
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

/** Stops this process's event loop, the appliance's, as a slow disk or a huge page of log would. */
function blockEventLoop(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

for (const search of ['?transport=webrtc', '?transport=ws']) {
  describe(`faults, ${search}`, () => {
    let viewer: ConsolePage;

    before(async () => {
      await appliance.target.bootTo('console');
      viewer = await ConsolePage.open(browser, appliance, search);
      await viewer.login();
      await viewer.ready();
    });

    after(async () => {
      encoderMissing = false;
      await viewer?.close();
    });

    test('the pipeline fails: who watches keeps the last picture and a word, who joins is told; both recover', async () => {
      encoderMissing = true;
      newestListener?.failed(Object.assign(new Error('lost the device'), { code: 'EIO' }));
      await viewer.page.getByText('the video pipeline is being restarted').waitFor();
      assert.equal(await viewer.state('hasPicture'), true);
      const joiner = await ConsolePage.open(browser, appliance, search);
      await joiner.login();
      await joiner.page.getByRole('heading', { name: 'The video pipeline failed' }).waitFor();
      // Keys do not need the picture.
      await typeOnUsKeyboard(viewer.page.keyboard, 'blind');
      await until('the text', async () => (await appliance.target.typedText()).endsWith('blind'));
      encoderMissing = false;
      await joiner.waitForState('hasPicture', true);
      await viewer.page.getByText('Keys go to the target').waitFor();
      await joiner.close();
    });

    test('an event loop that stood still for 1.5 s ends nobody and loses no key', async () => {
      const sessions = appliance.log.filter(({ message }) => /created/.test(message)).length;
      const carriers = async () =>
        (await viewer.state<{ text: string }[]>('log')).filter(({ text }) => /connected/.test(text))
          .length;
      const before = await carriers();
      const typing = typeOnUsKeyboard(viewer.page.keyboard, 'through the stall');
      blockEventLoop(1500);
      await typing;
      await until(
        'the text',
        async () => (await appliance.target.typedText()).endsWith('through the stall'),
        () => appliance.target.typedText(),
      );
      assert.equal(await viewer.state('phase'), 'live');
      assert.equal(await carriers(), before, 'the carrier is the same');
      assert.equal(appliance.log.filter(({ message }) => /created/.test(message)).length, sessions);
    });

    test('a reload while a key is held releases it, and the page comes back in control', async () => {
      await viewer.page.keyboard.down('k');
      await until('k down', async () => (await lastKeys()) === '00000e0000000000');
      await viewer.page.reload();
      await until('k up', async () => (await lastKeys()) === '0000000000000000');
      await viewer.ready();
      await viewer.page.keyboard.up('k');
    });
  });
}

test('two windows of one user that take control from each other end with one in control and nothing held', async () => {
  const one = await ConsolePage.open(browser, appliance, '?transport=webrtc');
  await one.login();
  await one.ready();
  const two = await ConsolePage.open(browser, appliance, '?transport=ws');
  await two.login();
  await two.waitForState('hasPicture', true);
  await two.focus();
  for (let round = 0; round < 20; round += 1) {
    const taker = round % 2 === 0 ? two : one;
    await taker.page.evaluate(() => {
      const app = document.querySelector('kvm-app') as unknown as {
        actions: { takeControl(): void };
      };
      app.actions.takeControl();
    });
    await taker.page.keyboard.down('j');
  }
  await one.waitForState('inControl', true);
  await two.waitForState('inControl', false);
  // It is the same user, so the name alone would not say who.
  await two.page.getByText('You took control in another window').waitFor();
  await two.page.keyboard.up('j');
  await one.page.keyboard.up('j');
  await until('all keys up', async () => (await lastKeys()) === '0000000000000000');
  await one.close();
  await two.close();
});
