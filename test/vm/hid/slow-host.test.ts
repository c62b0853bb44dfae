import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { HidFunction } from '../../../server/hid/hid-port.js';
import { until } from '../../e2e/until.js';
import { GadgetRig, PRODUCT } from './gadget-rig.js';
import { SlowHost } from './slow-host.js';

/** Eight times as long as our keyboard asks to be asked for (bInterval). */
const REST_MS = 30;

/** Reports of the keyboard: one key, none. */
const NOTHING = '0000000000000000';
const key = (usage: number) => `0000${usage.toString(16).padStart(2, '0')}0000000000`;

/** Our gadget at a slow host, for one test. */
async function plugIn(
  t: TestContext,
  fn: HidFunction,
): Promise<{ rig: GadgetRig; host: SlowHost }> {
  const rig = new GadgetRig();
  t.after(() => rig.close());
  await rig.plugIn();
  const host = await SlowHost.open(PRODUCT, fn, REST_MS);
  return { rig, host };
}

test('a host that takes a report every 30 ms gets a hundred taps, each in its order', async (t) => {
  const { rig, host } = await plugIn(t, 'keyboard');
  const usages = Array.from({ length: 100 }, (_, tap) => 0x04 + (tap % 26));
  for (const usage of usages) rig.tap(usage);
  const expected = usages.flatMap((usage) => [key(usage), NOTHING]);
  await host.untilReports(expected.length);
  // A report that the kernel's driver had not fetched may come first.
  assert.deepEqual(host.reports.slice(-expected.length), expected);
});

test('a slow host gets each click at its own place, and no more motion than it can take', async (t) => {
  const { rig, host } = await plugIn(t, 'absolute-mouse');
  const places = Array.from({ length: 20 }, (_, click) => ({ x: 1000 + click, y: 20_000 - click }));
  for (const [click, place] of places.entries()) {
    const at = { mode: 'absolute', ...place, wheel: 0, pan: 0 } as const;
    // On the way there, places that a host without haste need not see.
    for (let step = 0; step < 50; step++) {
      rig.controller.move(rig.source, { ...at, x: step * click });
    }
    rig.controller.button(rig.source, 0, true, at);
    rig.controller.button(rig.source, 0, false, at);
  }
  const word = (value: number) => {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return bytes.toString('hex');
  };
  const clicks = () => host.reports.filter((report) => report.startsWith('01'));
  await until(
    'every click and its end',
    () => clicks().length === places.length && host.reports.at(-1)?.startsWith('00'),
    () => host.reports.join(),
  );
  assert.deepEqual(
    clicks(),
    places.map(({ x, y }) => `01${word(x)}${word(y)}0000`),
  );
  assert.ok(host.reports.length < 5 * places.length, `${host.reports.length} reports`);
});
