import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createPipeline, type PipelineListener } from '../../native/index.js';
import { ClaimedUnit } from './claimed-unit.js';
import type { ConsolePage } from './console-page.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

/** While true no pipeline can be made. */
let encoderMissing = false;
let newestListener: PipelineListener | null = null;

const unit = ClaimedUnit.forTests({
  parts: {
    createPipeline: (options, listener) => {
      if (encoderMissing) throw new Error('the encoder is gone');
      newestListener = listener;
      return createPipeline(options, listener);
    },
  },
});

/** Stops this process's event loop, the appliance's, as a slow disk or a huge page of log would. */
function blockEventLoop(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

for (const search of ['?transport=webrtc', '?transport=ws']) {
  describe(`faults, ${search}`, () => {
    let viewer: ConsolePage;

    before(async () => {
      viewer = await unit.openConsole(search);
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
      const joiner = await unit.open(search);
      await joiner.page.getByRole('heading', { name: 'The video pipeline failed' }).waitFor();
      // Keys do not need the picture.
      await typeOnUsKeyboard(viewer.page.keyboard, 'blind');
      await until('the text', async () =>
        (await unit.appliance.target.typedText()).endsWith('blind'),
      );
      encoderMissing = false;
      await joiner.waitForState('hasPicture', true);
      await viewer.page.getByText('Keys go to the target').waitFor();
      await joiner.close();
    });

    test('an event loop that stood still for 1.5 s ends nobody and loses no key', async () => {
      const sessions = unit.appliance.log.filter(({ message }) => /created/.test(message)).length;
      const carriers = async () =>
        (await viewer.state<{ text: string }[]>('log')).filter(({ text }) => /connected/.test(text))
          .length;
      const before = await carriers();
      const typing = typeOnUsKeyboard(viewer.page.keyboard, 'through the stall');
      blockEventLoop(1500);
      await typing;
      await until(
        'the text',
        async () => (await unit.appliance.target.typedText()).endsWith('through the stall'),
        () => unit.appliance.target.typedText(),
      );
      assert.equal(await viewer.state('phase'), 'live');
      assert.equal(await carriers(), before, 'the carrier is the same');
      assert.equal(
        unit.appliance.log.filter(({ message }) => /created/.test(message)).length,
        sessions,
      );
    });

    test('a reload while a key is held releases it, and the page comes back in control', async () => {
      await viewer.page.keyboard.down('k');
      await until('k down', async () => (await unit.appliance.lastKeys()) === '00000e0000000000');
      await viewer.page.reload();
      await until('k up', async () => (await unit.appliance.lastKeys()) === '0000000000000000');
      await viewer.ready();
      await viewer.page.keyboard.up('k');
    });
  });
}

test('two windows of one user that take control from each other end with one in control and nothing held', async () => {
  const one = await unit.open('?transport=webrtc');
  await one.ready();
  const two = await unit.open('?transport=ws');
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
  await until('all keys up', async () => (await unit.appliance.lastKeys()) === '0000000000000000');
  await one.close();
  await two.close();
});
