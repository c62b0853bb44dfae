import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigfsGadget } from '../../../server/hid/configfs-gadget.js';
import { silentLogger } from '../../../server/logger.js';
import { createHardwareTarget } from '../../../server/target/hardware-target.js';
import type { VideoSignal } from '../../../server/target/target.js';
import { FAKE_GADGET_ROOT, FAKE_UDC_ROOT, FakeConfigfs } from '../../fakes/fake-configfs.js';
import { FakeHidDevices } from '../../fakes/fake-hid-devices.js';
import { VirtualClock } from '../session-input/model/virtual-clock.js';

const UDC = 'fake.0';
const identity = {
  vendorId: 1,
  productId: 2,
  manufacturer: 'M',
  product: 'P',
  serial: 'S',
  maxPowerMilliamperes: 100,
};

async function make(udcs: string[], device = '/nonexistent/video0') {
  const files = new FakeConfigfs(udcs);
  const devices = new FakeHidDevices(UDC, 8);
  const clock = new VirtualClock();
  const logger = silentLogger;
  const control = new ConfigfsGadget({
    identity,
    udc: null,
    logger,
    gadgetRoot: FAKE_GADGET_ROOT,
    udcRoot: FAKE_UDC_ROOT,
    files,
  });
  const target = await createHardwareTarget({
    device,
    udc: null,
    identity,
    logger,
    control,
    after: (delayMs, callback) => clock.after(delayMs, callback),
    port: { files: devices, createWatcher: devices.createWatcher, udcRoot: '/udc' },
  });
  return { target, files, devices, clock };
}

describe('the hardware target', () => {
  it('is there without any hardware, and says so as states', async () => {
    const { target } = await make([]);
    assert.equal(target.kind, 'hardware');
    assert.deepEqual(target.signal, { state: 'no-device', width: 0, height: 0, frameRate: 0 });
    assert.equal(target.hid.state, 'unbound');
    await target.close();
  });

  it('plugs the gadget in, writes to it, and leaves nothing', async () => {
    const { target, files, devices } = await make([UDC], '/dev/null');
    assert.equal(target.signal.state, 'no-signal');
    assert.equal(target.hid.state, 'configured');
    assert.equal(target.hid.write('keyboard', Uint8Array.of(7)), 'written');
    assert.deepEqual(devices.node(0).take(), ['07']);
    await target.close();
    await target.close();
    assert.deepEqual(await files.list(FAKE_GADGET_ROOT), []);
    assert.deepEqual(devices.openPaths, []);
    assert.ok(devices.watcherClosed);
  });

  it('plugs in again what somebody else unplugged', async () => {
    const { target, files, devices, clock } = await make([UDC]);
    await files.write(`${FAKE_GADGET_ROOT}/mykvm/UDC`, '');
    devices.attributes.set(`/udc/${UDC}/function`, '');
    clock.advance(250);
    assert.equal(target.hid.state, 'unbound');
    devices.attributes.set(`/udc/${UDC}/function`, 'mykvm');
    clock.advance(1000);
    while (target.hid.state === 'unbound') await new Promise((next) => setImmediate(next));
    assert.equal(target.hid.state, 'configured');
    assert.equal(files.tree('mykvm')['UDC'], UDC);
    await target.close();
  });

  it('wakes the host through the control', async () => {
    const { target, files, devices } = await make([UDC]);
    devices.attributes.set(`/udc/${UDC}/state`, 'suspended');
    devices.fire(`/udc/${UDC}/state`, { priority: true });
    target.hid.wake?.();
    await new Promise((next) => setImmediate(next));
    assert.ok(files.journal.includes(`write /udc/${UDC}/srp 1`));
    await target.close();
  });

  it('reports the signal that the pipeline saw last', async () => {
    const { target } = await make([]);
    const heard: VideoSignal[] = [];
    const stop = target.onSignal((signal) => void heard.push(signal));
    const signal = { state: 'ok', width: 1280, height: 720, frameRate: 60 } as const;
    target.pipelineSignal(signal);
    stop();
    target.pipelineSignal({ ...signal, state: 'no-sync' });
    assert.deepEqual(heard, [signal]);
    assert.equal(target.signal.state, 'no-sync');
    await target.close();
  });
});
