import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHardwareTarget } from '../../../server/target/hardware-target.js';
import { TestAppliance } from '../../e2e/test-appliance.js';
import { FAKE_GADGET_ROOT, FAKE_UDC_ROOT, FakeConfigfs } from '../../fakes/fake-configfs.js';
import { FakeHidDevices } from '../../fakes/fake-hid-devices.js';
import { openGadgetService } from '../../fakes/gadget-service-world.js';

const UDC = 'fake.0';
const identity = {
  vendorId: 1,
  productId: 2,
  manufacturer: 'M',
  product: 'P',
  serial: 'S',
  maxPowerMilliamperes: 100,
};

describe('an appliance whose USB service has ended', () => {
  it('ends as always, and says in one line what stays behind', async () => {
    const files = new FakeConfigfs([UDC]);
    const devices = new FakeHidDevices(UDC, 4);
    const roots = { gadgetRoot: FAKE_GADGET_ROOT, udcRoot: FAKE_UDC_ROOT };
    const service = await openGadgetService({ files, udc: UDC, ...roots });
    const appliance = await TestAppliance.start([], {
      createTarget: (_config, logger) =>
        createHardwareTarget({
          device: '/nonexistent/video0',
          udc: null,
          identity,
          logger,
          control: service.makeControl({ identity, udc: null }),
          port: { files: devices, createWatcher: devices.createWatcher, udcRoot: '/udc' },
        }),
    });
    assert.ok(appliance.log.some(({ message }) => message === 'the USB gadget is plugged in'));
    await service.close();
    const before = appliance.log.length;
    await appliance.close();
    const said = appliance.log
      .slice(before)
      .map(({ level, message }) => `${level} ${message}`)
      .filter((line) => /^(warn|error) /.test(line));
    assert.equal(said.length, 1, said.join('; '));
    assert.match(said[0] ?? '', /^warn the USB gadget stays behind: The USB service /);
  });
});
