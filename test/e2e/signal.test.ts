import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ClaimedUnit } from './claimed-unit.js';
import type { ConsolePage } from './console-page.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

const unit = ClaimedUnit.forTests();

for (const search of ['?transport=webrtc', '?transport=ws']) {
  describe(`signal states, ${search}`, () => {
    let viewer: ConsolePage;

    before(async () => {
      viewer = await unit.openConsole(search);
    });

    after(async () => {
      await viewer.close();
    });

    const size = async () =>
      `${await viewer.state('pictureWidth')}x${await viewer.state('pictureHeight')}`;

    for (const mode of ['1024x768', '1920x1080', '1280x720']) {
      test(`the picture follows the target to ${mode}`, async () => {
        await viewer.focus();
        await typeOnUsKeyboard(viewer.page.keyboard, `mode ${mode}\n`);
        await until(`a picture of ${mode}`, async () => (await size()) === mode, size);
        await viewer.waitForState('signal', 'ok');
      });
    }

    test('a target that is switched off is said to have no signal; a key brings it back', async () => {
      await viewer.focus();
      await typeOnUsKeyboard(viewer.page.keyboard, 'poweroff\n');
      await viewer.waitForState('signal', 'no-signal');
      await viewer.page
        .locator('kvm-overlay')
        .getByText(/no picture/i)
        .first()
        .waitFor();
      await viewer.focus();
      await viewer.page.keyboard.press('Space');
      await viewer.waitForState('signal', 'ok');
      await until('the first screen of the boot', async () => (await size()) === '720x400', size);
    });

    test('Ctrl+Alt+Del from the key deck restarts the target', async () => {
      await unit.appliance.target.bootTo('console');
      await viewer.waitForState('signal', 'ok');
      await until('the console', async () => (await size()) === '1280x720', size);
      await viewer.page
        .getByRole('button', { name: /ctrl.*alt.*del/i })
        .first()
        .click();
      await until('the first screen of the boot', async () => (await size()) === '720x400', size);
    });

    test('the target’s lock lamps are shown', async () => {
      await unit.appliance.target.bootTo('console');
      await viewer.waitForState('signal', 'ok');
      await viewer.focus();
      const caps = async () =>
        (await viewer.state<{ hid: { leds: { capsLock: boolean } | null } } | null>('remote'))?.hid
          .leds?.capsLock;
      const before = await until('a LED report', async () => (await caps()) !== undefined && 'yes');
      assert.equal(before, 'yes');
      const was = await caps();
      await viewer.page.keyboard.press('CapsLock');
      await until('the lamp to change', async () => (await caps()) === !was);
      await viewer.page.keyboard.press('CapsLock');
      await until('the lamp to change back', async () => (await caps()) === was);
    });
  });
}
