import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { KvmError } from '../../../server/errors.js';
import { udcDriver } from '../../../server/hid/udc.js';
import { UsbControl } from '../../../server/hid/usb-control.js';
import { until } from '../../e2e/until.js';
import {
  allowSleep,
  type GadgetRig,
  hostInput,
  PRODUCT,
  plugIn,
  stayAwakeOnceWoken,
} from './gadget-rig.js';
import { type HostInput, hostDevice } from './host-input.js';

const A = 0x04;
const USBHID = '/sys/bus/usb/drivers/usbhid';

async function start(
  t: TestContext,
): Promise<{ rig: GadgetRig; host: HostInput; usb: UsbControl }> {
  const { rig, host } = await plugIn(t, 'keyboard');
  // The port's timers let a process end that has nothing else to do.
  const alive = setInterval(() => {}, 1000);
  t.after(() => clearInterval(alive));
  const usb = new UsbControl({ port: rig.port, keeper: rig.keeper, driverOf: udcDriver });
  return { rig, host, usb };
}

/** The host's side of our device in sysfs. */
function device(): string {
  const found = hostDevice(PRODUCT);
  assert.ok(found, 'the host does not see the gadget');
  return found;
}

/** Numbers of the interfaces that the host sees. */
function interfaces(): string[] {
  const found = hostDevice(PRODUCT) ?? '';
  return existsSync(found)
    ? readdirSync(found).filter((name) => name.startsWith(`${basename(found)}:1.`))
    : [];
}

test('replugged: the host makes a new device of it, and keys arrive', async (t) => {
  const { rig, usb } = await start(t);
  const number = () => basename(device());
  const before = readdirSync(`${device()}/${number()}:1.0`).find((name) => name.includes(':'));
  await usb.replug();
  await rig.untilState('configured');
  const after = await until('the new device', () => {
    const found = hostDevice(PRODUCT);
    const path = found === null ? '' : `${found}/${basename(found)}:1.0`;
    return existsSync(path) ? readdirSync(path).find((name) => name.includes(':')) : undefined;
  });
  // The kernel numbers HID devices on and on.
  assert.notEqual(after, before);
  const host = await hostInput(t, 'keyboard');
  rig.tap(A);
  await host.untilLast('KEY_A 0');
});

test('other functions: the host sees these and no more, and again all of them', async (t) => {
  const { rig, usb } = await start(t);
  const all = [...usb.reply.functions];
  for (const functions of [['keyboard'], ['keyboard', 'relative-mouse'], all] as const) {
    const reply = await usb.setFunctions(functions);
    assert.deepEqual(reply.functions, functions);
    assert.equal(reply.problem, null);
    await until(
      `${functions.length} interfaces`,
      () => interfaces().length === functions.length,
      () => interfaces().join(', '),
    );
    await rig.untilState('configured');
  }
});

test('a sleeping host is woken, and the answer is that it is awake', async (t) => {
  const { rig, host, usb } = await start(t);
  // Lit when a lock key was pressed in a test before this one: the host's console gives its lamps to each keyboard.
  for (const lamp of ['LED_NUML', 'LED_CAPSL', 'LED_SCROLLL']) host.send('EV_LED', lamp, 0);
  allowSleep('auto');
  await rig.untilState('suspended');
  stayAwakeOnceWoken();
  assert.equal((await usb.wake()).state, 'configured');
  allowSleep('on');
});

test('a host that has not allowed the device to wake it sleeps on, and the answer says so', async (t) => {
  const { rig, host, usb } = await start(t);
  host.close();
  // Linux gives leave to wake it up to a device whose drivers want that, and to no other.
  for (const name of interfaces()) writeFileSync(`${USBHID}/unbind`, name);
  allowSleep('auto');
  await rig.untilState('suspended');
  await assert.rejects(usb.wake(), (error: KvmError) => {
    assert.equal(error.code, 'wake-failed');
    assert.match(
      error.message,
      /^The computer sleeps on: it has not allowed this USB device to wake it up, or dummy_udc here cannot do it\.$/,
    );
    return true;
  });
  assert.equal(usb.reply.state, 'suspended');
});
