import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { isMedia, UdpWire } from '../integration/webrtc/udp-wire.js';
import { launchBrowser } from './browser.js';
import { ConsolePage } from './console-page.js';
import { TestAppliance } from './test-appliance.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

/** Chromium behind a UDP path that loses one datagram in twenty, each way. */
let browser: Browser;
let appliance: TestAppliance;
let wire: UdpWire;
let viewer: ConsolePage;
let lost = 0;
let lossOn = false;

/** A repeatable sequence of losses (a linear congruential generator, Numerical Recipes). */
let seed = 20;
function keep(): boolean {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  if (!lossOn || seed / 2 ** 32 >= 0.05) return true;
  lost += 1;
  return false;
}

before(async () => {
  appliance = await TestAppliance.start();
  await appliance.target.bootTo('console');
  browser = await launchBrowser();
  wire = await UdpWire.open();
  wire.keep = keep;
  wire.keepOfViewer = keep;
  viewer = await ConsolePage.open(browser, appliance, '?transport=webrtc');
  // The answer leads through the wire.
  await viewer.page.route('**/api/whep?*', async (route) => {
    const reply = await route.fetch();
    await route.fulfill({ response: reply, body: wire.route(await reply.text()) });
  });
  await viewer.claim(appliance);
  await viewer.ready();
  lossOn = true;
});

after(async () => {
  await viewer?.close();
  await browser?.close();
  wire?.close();
  await appliance?.close();
});

test('keys arrive complete and in order', async () => {
  const text = 'The quick brown fox jumps over the lazy dog, 0123456789!';
  const before = (await appliance.target.typedText()).length;
  await typeOnUsKeyboard(viewer.page.keyboard, text);
  await until('the whole text', async () => {
    const typed = (await appliance.target.typedText()).slice(before);
    return typed.length >= text.length;
  });
  assert.equal((await appliance.target.typedText()).slice(before), text);
});

test('a moving picture goes on, without reconnecting', async () => {
  await appliance.target.bootTo('desktop');
  const drawn = async () => (await viewer.state<{ framesTotal: number }>('metrics')).framesTotal;
  const from = await drawn();
  await until('a hundred pictures', async () => (await drawn()) - from > 100, drawn);
  assert.equal(await viewer.state('pictureAgeSeconds'), null);
  assert.ok(lost > 0, 'the path has lost something');
  const log = await viewer.state<{ text: string }[]>('log');
  assert.deepEqual(
    log.filter(({ text }) => /lost$|stopped/.test(text)),
    [],
  );
});

test('a picture of which every packet got lost is seen all the same', async () => {
  await appliance.target.bootTo('console');
  lossOn = false;
  const pixels = () => viewer.pixels(0, 64, 1280, 600);
  await until('the console', async () => (await viewer.state('pictureWidth')) === 1280);
  await viewer.focus();
  const before = await until('a still picture', async () => {
    const [first, next] = [await pixels(), await pixels()];
    return Buffer.compare(first.rgba, next.rgba) === 0 ? next : null;
  });
  // Media is lost until a while after the key has reached the target and its picture has gone out.
  let swallowed = 0;
  wire.keep = (datagram) => {
    if (!isMedia(datagram)) return true;
    swallowed += 1;
    return false;
  };
  await viewer.page.keyboard.press('KeyW');
  await until('the key', async () => (await appliance.target.typedText()).endsWith('w'));
  await until('a picture that got lost', () => swallowed > 0);
  wire.keep = () => true;
  await until('the letter in the picture', async () => {
    const now = await pixels();
    let changed = 0;
    for (let at = 0; at < now.rgba.length; at += 4) {
      if (Math.abs((now.rgba[at] ?? 0) - (before.rgba[at] ?? 0)) > 60) changed += 1;
    }
    return changed > 20;
  });
});
