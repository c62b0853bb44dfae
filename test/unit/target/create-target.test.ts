import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { silentLogger } from '../../../server/logger.js';
import { createTarget, type TargetChoice } from '../../../server/target/create-target.js';
import { SimulatedTarget } from '../../../server/target/simulated/simulated-target.js';
import type { Target } from '../../../server/target/target.js';
import { FAKE_GADGET_ROOT, FAKE_UDC_ROOT, FakeConfigfs } from '../../fakes/fake-configfs.js';
import { openGadgetService } from '../../fakes/gadget-service-world.js';

const ABSENT = '/nonexistent/video0';
/** Something that is there. */
const PRESENT = '/dev/null';

describe('the choice of the target', () => {
  let target: Target | undefined;
  let udcRoot: string;
  const said: string[] = [];
  beforeEach(() => {
    udcRoot = mkdtempSync(join(tmpdir(), 'mykvm-udc-'));
  });
  afterEach(async () => {
    await target?.close();
    target = undefined;
    said.length = 0;
    rmSync(udcRoot, { recursive: true });
  });

  async function choose(
    kind: TargetChoice['kind'],
    device: string,
    usbSocket: string | null = null,
  ): Promise<Target> {
    target = await createTarget({
      kind,
      device,
      usbSocket,
      udc: null,
      usbId: { vendorId: 0x1d6b, productId: 0x0104 },
      usbManufacturer: 'MyKVM',
      usbProduct: 'Test',
      usbSerial: null,
      usbMaxPowerMilliamperes: 250,
      usbFunctions: [],
      frameRate: 60,
      seed: 1,
      testMarks: false,
      logger: { ...silentLogger, info: (_: object, text: string) => void said.push(text) },
      udcRoot,
      gadgetRoot: join(udcRoot, 'no-configfs'),
    });
    return target;
  }

  it('never turns hardware into the simulator, whatever is missing', async () => {
    const hardware = await choose('hardware', ABSENT);
    assert.equal(hardware.kind, 'hardware');
    assert.deepEqual(hardware.videoSource, { kind: 'capture-device', path: ABSENT });
    assert.equal(hardware.signal.state, 'no-device');
    assert.equal(hardware.hid.state, 'unbound');
  });

  it('lets the USB service make the gadget whose socket it is given', async () => {
    const files = new FakeConfigfs(['fake.0']);
    const roots = { gadgetRoot: FAKE_GADGET_ROOT, udcRoot: FAKE_UDC_ROOT };
    const service = await openGadgetService({ files, ...roots, udc: 'fake.0' });
    try {
      const hardware = await choose('hardware', ABSENT, service.socketPath);
      assert.equal(files.tree('mykvm')['strings/0x409/product'], 'Test');
      assert.equal(files.tree('mykvm')['UDC'], 'fake.0');
      await hardware.close();
      assert.deepEqual(await files.list(FAKE_GADGET_ROOT), []);
    } finally {
      await service.close();
    }
  });

  it('with auto drives a real computer where there is a capture device, and says so', async () => {
    assert.equal((await choose('auto', PRESENT)).kind, 'hardware');
    assert.match(said[0] ?? '', /there is the capture device \/dev\/null: driving a real computer/);
  });

  it('with auto drives a real computer where there is a USB device controller', async () => {
    mkdirSync(join(udcRoot, 'fake.0'));
    assert.equal((await choose('auto', ABSENT)).kind, 'hardware');
    assert.match(said[0] ?? '', /there is a USB device controller: driving a real computer/);
  });

  it('with auto takes the simulator where there is neither, and says so', async () => {
    assert.equal((await choose('auto', ABSENT)).kind, 'simulated');
    assert.equal(said.length, 1);
    assert.match(
      said[0] ?? '',
      /neither a capture device \/nonexistent\/video0 nor a USB device controller/,
    );
  });

  it('makes a simulator that records nothing and that nobody can steer', async () => {
    const simulated = await choose('simulated', ABSENT);
    assert.ok(simulated instanceof SimulatedTarget);
    for (const ask of [
      () => simulated.log(),
      () => simulated.typedText(),
      () => simulated.screenText(),
      () => simulated.bootTo('desktop'),
    ]) {
      await assert.rejects(ask, /recordLog is off/);
    }
  });
});
