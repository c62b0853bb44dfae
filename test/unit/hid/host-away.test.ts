import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { GadgetHidPort } from '../../../server/hid/gadget-hid-port.js';
import { HidController } from '../../../server/hid/hid-controller.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { silentLogger } from '../../../server/logger.js';
import { FakeHidDevices } from '../../fakes/fake-hid-devices.js';
import { VirtualClock } from '../session-input/model/virtual-clock.js';

const UDC = 'fake.0';
const STATE = `/udc/${UDC}/state`;
const SUSPENDED = `/udc/${UDC}/device/gadget.0/suspended`;

let devices: FakeHidDevices;
let clock: VirtualClock;
let port: GadgetHidPort;

beforeEach(() => {
  devices = new FakeHidDevices(UDC, 4);
  clock = new VirtualClock();
  port = new GadgetHidPort({
    logger: silentLogger,
    wake: async () => {},
    files: devices,
    after: (delayMs, callback) => clock.after(delayMs, callback),
    createWatcher: devices.createWatcher,
    udcRoot: '/udc',
  });
  port.attach({ udc: UDC, devices: new Map(HID_FUNCTIONS.map((fn, n) => [fn, `240:${n}`])) });
});

describe('a host that goes and comes back', () => {
  const source = { id: 'a' };
  let controller: HidController;

  beforeEach(() => {
    devices.later = (callback) => void clock.after(0, callback);
    controller = new HidController(port, { after: (ms, call) => clock.after(ms, call) });
    controller.start();
    for (let n = 0; n < 4; n += 1) devices.node(n).take();
  });

  function allTaken(): string[][] {
    return [0, 1, 2, 3].map((n) => devices.node(n).take());
  }

  for (const how of ['ESHUTDOWN', 'not attached', 'suspended', 'never fetches'] as const) {
    it(`for an hour (${how}): no backlog, nothing held, no jump`, () => {
      controller.key(source, 0x04, true);
      allTaken();
      for (let n = 0; n < 4; n += 1) {
        const node = devices.node(n);
        if (how === 'ESHUTDOWN') node.broken = how;
        else node.room = 0;
      }
      if (how === 'not attached') devices.attributes.set(STATE, how);
      if (how === 'suspended') devices.attributes.set(SUSPENDED, '1');
      for (let second = 0; second < 3600; second += 60) {
        controller.key(source, 0x05 + (second % 7), true);
        controller.key(source, 0x05 + (second % 7), false);
        controller.move(source, { mode: 'relative', dx: 100, dy: 100, wheel: 1, pan: 0 });
        clock.advance(60_000);
      }
      controller.releaseAll(source);
      clock.advance(2000);
      assert.deepEqual(allTaken().flat(), []);
      for (let n = 0; n < 4; n += 1) {
        devices.node(n).broken = null;
        devices.node(n).room = Number.POSITIVE_INFINITY;
      }
      devices.attributes.set(STATE, 'configured');
      devices.attributes.set(SUSPENDED, '0');
      clock.advance(10_000);
      const taken = allTaken();
      const still = [['0000000000000000'], ['00004000400000'], ['0000000000'], ['010000', '0200']];
      for (const [n, reports] of taken.entries()) {
        // A device that was not used has nothing to tell a host that never left.
        const expected = how === 'never fetches' && reports.length === 0 ? [] : still[n];
        assert.deepEqual(new Set(reports), new Set(expected));
        assert.ok(reports.length <= 4, `${reports.length} reports`);
      }
      assert.ok((taken[0]?.length ?? 0) > 0);
      controller.key(source, 0x06, true);
      assert.deepEqual(devices.node(0).take(), ['0000060000000000']);
    });
  }
});
