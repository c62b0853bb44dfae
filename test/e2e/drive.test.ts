import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { decodeMarks } from '../../server/target/simulated/test-marks.js';
import { launchBrowser } from './browser.js';
import { ConsolePage, type Pixels } from './console-page.js';
import { TestAppliance } from './test-appliance.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

/** Share of pixels whose brightness differs clearly between two pictures. */
function difference(a: Pixels, b: Pixels): number {
  let changed = 0;
  for (let at = 1; at < a.rgba.length; at += 4) {
    if (Math.abs((a.rgba[at] ?? 0) - (b.rgba[at] ?? 0)) > 60) changed += 1;
  }
  return (changed * 4) / a.rgba.length;
}

let browser: Browser;
let appliance: TestAppliance;

before(async () => {
  appliance = await TestAppliance.start();
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await appliance?.close();
});

test('a fresh unit is claimed with the code of its log and shows its picture', async () => {
  const viewer = await ConsolePage.open(browser, appliance);
  await viewer.claim(appliance);
  await viewer.ready();
  assert.equal(await viewer.state('phase'), 'live');
  assert.deepEqual(viewer.errors, []);
  await viewer.close();
});

for (const [search, transport] of [
  ['?transport=webrtc', 'webrtc'],
  ['?transport=ws', 'websocket'],
] as const) {
  describe(`over ${transport}`, () => {
    let viewer: ConsolePage;

    before(async () => {
      await appliance.target.bootTo('console');
      viewer = await ConsolePage.open(browser, appliance, search);
      await viewer.login();
      await viewer.ready();
    });

    after(async () => {
      assert.deepEqual(viewer.errors, []);
      await viewer.close();
    });

    test('the carrier is the one that was asked for', async () => {
      assert.equal(await viewer.state('transport'), transport);
    });

    test('the picture is the target’s own: its marks can be read', async () => {
      const marks = await until('marks in the picture', async () => {
        const pixels = await viewer.pixels(0, 0, 400, 32);
        return decodeMarks(pixels.rgba, pixels.width);
      });
      assert.ok(marks.frame > 0);
    });

    test('a key typed in the browser changes the picture that the browser shows', async () => {
      const before = await viewer.pixels(0, 64, 1280, 600);
      await typeOnUsKeyboard(viewer.page.keyboard, 'echo MyKVM works');
      await until(
        'the text on the target',
        async () => (await appliance.target.screenText()).includes('echo MyKVM works'),
        () => appliance.target.screenText(),
      );
      await until('the text in the picture', async () => {
        const now = await viewer.pixels(0, 64, 1280, 600);
        return difference(before, now) > 0.0005;
      });
      await viewer.page.keyboard.press('Enter');
      await until('the answer of the target', async () =>
        /^MyKVM works/m.test(await appliance.target.screenText()),
      );
    });

    test('every key reaches the target in order', async () => {
      const text = 'The quick brown fox, 0123456789 [jumps] "over" the lazy dog!';
      const typedBefore = (await appliance.target.typedText()).length;
      await typeOnUsKeyboard(viewer.page.keyboard, text);
      await until('the whole text', async () => {
        const typed = (await appliance.target.typedText()).slice(typedBefore);
        return typed.length >= text.length;
      });
      assert.equal((await appliance.target.typedText()).slice(typedBefore), text);
    });
  });
}
