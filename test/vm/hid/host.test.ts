import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { GADGET_ROOT } from '../../../server/hid/configfs-gadget.js';
import { MAX_STALL_MS } from '../../../server/hid/report-writer.js';
import { until } from '../../e2e/until.js';
import { allowSleep, GadgetRig, hostInput, PRODUCT, plugIn } from './gadget-rig.js';
import { hostDevice } from './host-input.js';

const A = 0x04;
const B = 0x05;
const C = 0x06;
const D = 0x07;
const E = 0x08;
const CAPS_LOCK = 0x39;
const LEFT_SHIFT = 0xe1;
const USBHID = '/sys/bus/usb/drivers/usbhid';

/** The host's side of our device in sysfs. */
function device(): string {
  const found = hostDevice(PRODUCT);
  assert.ok(found, 'the host does not see the gadget');
  return found;
}

test('lamps that the host switches are reported, each by itself', async (t) => {
  const { rig, host } = await plugIn(t, 'keyboard');
  const lamps = [
    ['LED_NUML', 'numLock'],
    ['LED_CAPSL', 'capsLock'],
    ['LED_SCROLLL', 'scrollLock'],
  ] as const;
  await until('the first report of the lamps', () => rig.controller.leds);
  for (const [code, lamp] of lamps) {
    for (const value of [1, 0, 1]) {
      host.send('EV_LED', code, value);
      await until(`${lamp} ${value}`, () => rig.controller.leds?.[lamp] === (value === 1));
    }
  }
});

test("our Caps Lock comes back as the host's lamp", async (t) => {
  const { rig } = await plugIn(t, 'keyboard');
  const before = await until('the first report of the lamps', () => rig.controller.leds);
  rig.tap(CAPS_LOCK);
  await until('the lamp', () => rig.controller.leds?.capsLock === !before.capsLock);
  rig.tap(CAPS_LOCK);
  await until('the lamp', () => rig.controller.leds?.capsLock === before.capsLock);
});

test('a host that fetches nothing gets the latest state when it does, no old keys and nothing held', async (t) => {
  const { rig, host } = await plugIn(t, 'keyboard');
  // Without its driver nobody asks the device for reports; for the gadget nothing has changed.
  const keyboard = `${basename(device())}:1.0`;
  host.close();
  writeFileSync(`${USBHID}/unbind`, keyboard);
  rig.press(A, B);
  for (let taps = 0; taps < 20; taps++) rig.tap(C);
  // That time passes is what is tested here.
  await pass(2 * MAX_STALL_MS);
  rig.release(A, B);
  rig.press(LEFT_SHIFT);
  writeFileSync(`${USBHID}/bind`, keyboard);
  const back = await hostInput(t, 'keyboard');
  // A host throws away what comes within 50 ms of opening a keyboard (usbhid_open), and until the host is known to fetch again, a tap
  // only changes the state that it will get.
  await until('a tap that arrives', () => {
    rig.tap(D);
    return back.events.includes('KEY_D 0');
  });
  rig.tap(E);
  await back.untilLast('KEY_E 0');
  assert.deepEqual(back.heldKeys(), ['KEY_LEFTSHIFT']);
  assert.ok(!back.keyEvents.includes('KEY_C 1'), 'a tap of a second ago was played');
  rig.release(LEFT_SHIFT);
  await back.untilLast('KEY_LEFTSHIFT 0');
});

test('a host that takes the configuration away: nothing is played when it comes back', async (t) => {
  const { rig, host } = await plugIn(t, 'keyboard');
  rig.press(A);
  await host.untilLast('KEY_A 1');
  const authorized = `${device()}/authorized`;
  writeFileSync(authorized, '0');
  rig.press(B);
  await rig.untilState('detached');
  rig.release(A, B);
  rig.tap(C);
  writeFileSync(authorized, '1');
  await rig.untilState('configured');
  const back = await hostInput(t, 'keyboard');
  rig.tap(D);
  await back.untilLast('KEY_D 0');
  assert.deepEqual(back.keyEvents, ['KEY_D 1', 'KEY_D 0']);
});

test('unplugged and plugged in again by us: the host sees the device leave and come', async (t) => {
  const { rig, host } = await plugIn(t, 'keyboard');
  const before = readFileSync(`${device()}/devnum`, 'utf8');
  rig.press(A);
  await host.untilLast('KEY_A 1');
  await rig.keeper.replug();
  await rig.untilState('configured');
  assert.notEqual(readFileSync(`${device()}/devnum`, 'utf8'), before);
  rig.release(A);
  const back = await hostInput(t, 'keyboard');
  rig.tap(B);
  await back.untilLast('KEY_B 0');
  assert.deepEqual(back.heldKeys(), []);
});

test('unbound by somebody else: it is plugged in again', async (t) => {
  const { rig } = await plugIn(t, 'keyboard');
  writeFileSync(`${GADGET_ROOT}/mykvm/UDC`, '\n');
  await until('another state', () => rig.port.state !== 'configured');
  await rig.untilState('configured');
  const back = await hostInput(t, 'keyboard');
  rig.tap(B);
  await back.untilLast('KEY_B 0');
});

test('a press wakes a suspended host, and arrives', async (t) => {
  const { rig, host } = await plugIn(t, 'keyboard');
  allowSleep('auto');
  await rig.untilState('suspended');
  host.clear();
  rig.press(A);
  await host.untilLast('KEY_A 1');
  assert.equal(rig.port.state, 'configured');
  allowSleep('on');
  rig.release(A);
  await host.untilLast('KEY_A 0');
});

test('killed with a key down and started again: a new device, nothing is held', async (t) => {
  const program = fileURLToPath(new URL('gadget-process.js', import.meta.url));
  const child = fork(program);
  t.after(() => child.kill('SIGKILL'));
  const held = await hostInput(t, 'keyboard');
  child.send(A);
  await held.untilLast('KEY_A 1');
  child.kill('SIGKILL');
  await once(child, 'exit');
  held.close();
  const { rig, host } = await plugIn(t, 'keyboard');
  assert.deepEqual(host.heldKeys(), []);
  rig.tap(B);
  await host.untilLast('KEY_B 0');
});

test('closed: what was held is let go, and the gadget is gone from both sides', async (t) => {
  const rig = new GadgetRig();
  t.after(() => rig.close());
  await rig.plugIn();
  const host = await hostInput(t, 'keyboard');
  rig.press(A);
  await host.untilLast('KEY_A 1');
  await rig.close();
  await host.untilLast('KEY_A 0');
  await until('the device to leave', () => hostDevice(PRODUCT) === null);
  assert.deepEqual(readdirSync(GADGET_ROOT), []);
  assert.ok(!existsSync('/dev/hidg0'));
});
