import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { until } from '../../e2e/until.js';
import { VirtualClock } from '../../unit/session-input/model/virtual-clock.js';
import { allowSleep, GadgetRig, hostInput, PRODUCT } from './gadget-rig.js';
import { hostDevice, hostInterface } from './host-input.js';
import { Wire } from './wire.js';

const A = 0x04;
const B = 0x05;
const USBHID = '/sys/bus/usb/drivers/usbhid';
const USED = ['keyboard', 'absolute-mouse', 'relative-mouse'] as const;
const STILL = { wheel: 0, pan: 0 };
/** Two reports wait below us in the kernel (f_hid, dummy_hcd): nobody can call those back. */
const IN_KERNEL = 2;

/** The keyboard's report of one key; 0 for none. */
const key = (usage: number) => `0000${usage.toString(16).padStart(2, '0')}0000000000`;

/** How a host goes away, and how it comes back. */
const WAYS = {
  deauthorised: { go: () => authorise('0'), back: () => authorise('1') },
  suspended: { go: () => allowSleep('auto'), back: () => allowSleep('on') },
  'without a driver': { go: () => drive('unbind'), back: () => drive('bind') },
} as const;

function authorise(value: string): void {
  writeFileSync(`${hostDevice(PRODUCT)}/authorized`, value);
}

function drive(act: 'bind' | 'unbind'): void {
  for (const fn of USED) writeFileSync(`${USBHID}/${act}`, basename(hostInterface(PRODUCT, fn)));
}

/** An hour of somebody at the keys and the mouse who sees nothing happen. */
async function useForAnHour(rig: GadgetRig, clock: VirtualClock): Promise<void> {
  for (let minute = 0; minute < 60; minute++) {
    for (let taps = 0; taps < 10; taps++) rig.tap(B + taps);
    rig.press(A);
    const motion = { mode: 'relative', dx: 100, dy: -100, wheel: 1, pan: 1 } as const;
    rig.controller.move(rig.source, motion);
    rig.controller.button(rig.source, 0, true, { ...motion, dx: 0, dy: 0 });
    rig.controller.move(rig.source, { mode: 'absolute', x: 100 * minute, y: 7, ...STILL });
    clock.advance(60_000);
    // What the kernel has told meanwhile.
    await turn();
  }
  rig.controller.releaseAll(rig.source);
  clock.advance(2000);
}

for (const [how, { go, back }] of Object.entries(WAYS)) {
  test(`a host that is away for an hour (${how}): no backlog, nothing held, no jump`, async (t) => {
    const clock = new VirtualClock();
    const rig = new GadgetRig({ clock, cannotWake: true });
    t.after(() => rig.close());
    await rig.plugIn();
    const hosts = await Promise.all(USED.map((fn) => hostInput(t, fn)));
    const wire = await Wire.open(() => rig.tap(A));
    t.after(() => wire.close());
    const lastReport = () => wire.of(PRODUCT, 'keyboard').at(-1) ?? '';
    rig.tap(B);
    const reports = () => wire.of(PRODUCT, 'keyboard').join();
    await until('all that was typed', () => reports().endsWith(`${key(B)},${key(0)}`));
    // Linux does not fall asleep while a key is down.
    if (how !== 'suspended') {
      rig.press(A);
      await until('the key that is down', () => lastReport() === key(A));
    }
    go();
    if (how === 'suspended') await rig.untilState('suspended');
    else for (const host of hosts) host.close();
    await useForAnHour(rig, clock);
    wire.clear();
    back();
    await rig.untilState('configured');
    // Linux asks a mouse for reports while a program reads it.
    if (how !== 'suspended') await Promise.all(USED.map((fn) => hostInput(t, fn)));
    const sent = (fn: (typeof USED)[number]) => wire.of(PRODUCT, fn);
    const nothing = { keyboard: key(0), 'relative-mouse': '0000000000' };
    for (const fn of ['keyboard', 'relative-mouse'] as const) {
      await until(
        `the state of the ${fn}`,
        () => {
          clock.advance(20);
          return sent(fn).at(-1) === nothing[fn];
        },
        () => sent(fn).join(),
      );
      const old = sent(fn).filter((report) => report !== nothing[fn]);
      const most = how === 'without a driver' ? IN_KERNEL : 0;
      assert.ok(old.length <= most, `${fn}: ${sent(fn)}`);
    }
    assert.ok(sent('absolute-mouse').length <= IN_KERNEL + 1, sent('absolute-mouse').join());
    wire.clear();
    rig.tap(B);
    await until('a new key', () => {
      clock.advance(20);
      return sent('keyboard').length === 2;
    });
    assert.deepEqual(sent('keyboard'), [key(B), key(0)]);
  });
}
