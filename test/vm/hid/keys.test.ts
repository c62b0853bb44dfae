import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HID_USAGES } from '../../../server/protocol/hid-usages.js';
import { CONSUMER_PAGE, SYSTEM_PAGE } from '../../../server/protocol/key-usage.js';
import { type GadgetRig, plugIn } from './gadget-rig.js';
import type { HostInput } from './host-input.js';
import { CONSUMER, KEYBOARD, SYSTEM } from './linux-keys.js';

function usageOf(code: string): number {
  const usage = HID_USAGES.get(code);
  assert.ok(usage !== undefined, code);
  return usage;
}

/** Usage page and usage, as the kernel tells it with each key (MSC_SCAN). */
function scanCode(usage: number): number {
  if (usage >= SYSTEM_PAGE) return 0x10000 + usage - SYSTEM_PAGE;
  return usage >= CONSUMER_PAGE ? 0xc0000 + usage - CONSUMER_PAGE : 0x70000 + usage;
}

test('the tables of this test name every key that a browser can send, and no other', () => {
  assert.deepEqual(
    [KEYBOARD, CONSUMER, SYSTEM].flatMap(Object.keys).sort(),
    [...HID_USAGES.keys()].sort(),
  );
});

const PAGES = [
  { name: 'keyboard', fn: 'keyboard', nameEnd: '', table: KEYBOARD },
  { name: 'media and launch', fn: 'consumer', nameEnd: 'Consumer Control', table: CONSUMER },
  { name: 'power', fn: 'consumer', nameEnd: 'System Control', table: SYSTEM },
] as const;
for (const { name, fn, nameEnd, table } of PAGES) {
  test(`every ${name} key arrives as its event code, goes down and up once`, async (t) => {
    const { rig, host } = await plugIn(t, fn, nameEnd);
    for (const [code, linux] of Object.entries(table)) {
      const usage = usageOf(code);
      host.clear();
      rig.press(usage);
      await host.untilLast(`${linux} 1`);
      rig.release(usage);
      await host.untilLast(`${linux} 0`);
      const scan = `MSC_SCAN ${scanCode(usage)}`;
      assert.deepEqual(host.events, [scan, `${linux} 1`, scan, `${linux} 0`], code);
    }
  });
}

async function settle(rig: GadgetRig, host: HostInput): Promise<void> {
  rig.tap(usageOf('F24'));
  await host.untilLast('KEY_F24 0');
}

test('left and right modifiers are told apart while all eight are down', async (t) => {
  const { rig, host } = await plugIn(t, 'keyboard');
  const codes = ['Control', 'Shift', 'Alt', 'Meta'].flatMap((key) => [`${key}Left`, `${key}Right`]);
  rig.press(...codes.map(usageOf));
  await host.untilLast('KEY_RIGHTMETA 1');
  assert.deepEqual(host.heldKeys().sort(), codes.map((code) => KEYBOARD[code]).sort());
  rig.release(...codes.map(usageOf));
  await host.untilLast('KEY_RIGHTMETA 0');
  assert.deepEqual(host.heldKeys(), []);
});

test('a seventh key waits until one of six is released; none of the six is let go meanwhile', async (t) => {
  const { rig, host } = await plugIn(t, 'keyboard');
  const [first, ...others] = 'ABCDEF'.split('').map((letter) => usageOf(`Key${letter}`));
  assert.ok(first);
  rig.press(first, ...others);
  await host.untilLast('KEY_F 1');
  host.clear();
  rig.press(usageOf('KeyG'));
  rig.press(usageOf('ShiftLeft'));
  await host.untilLast('KEY_LEFTSHIFT 1');
  assert.deepEqual(host.keyEvents, ['KEY_LEFTSHIFT 1']);
  host.clear();
  rig.release(first);
  await host.untilIncludes('KEY_G 1');
  assert.deepEqual(host.keyEvents.sort(), ['KEY_A 0', 'KEY_G 1']);
  rig.controller.releaseAll(rig.source);
  await host.untilIncludes('KEY_G 0');
  await settle(rig, host);
  assert.deepEqual(host.heldKeys(), []);
});

test('bursts of ten taps, faster than the host fetches them, arrive whole and in order', async (t) => {
  const { rig, host } = await plugIn(t, 'keyboard');
  // Ten, because the kernel keeps 64 events for a program that is slow to read them.
  const letters = [...'QWERTYUIOP'];
  const expected = letters.flatMap((letter) => [`KEY_${letter} 1`, `KEY_${letter} 0`]);
  for (let burst = 0; burst < 20; burst++) {
    host.clear();
    for (const letter of letters) rig.tap(usageOf(`Key${letter}`));
    await host.untilLast('KEY_P 0');
    assert.deepEqual(host.keyEvents, expected);
  }
});
