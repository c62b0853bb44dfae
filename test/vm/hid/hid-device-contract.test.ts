import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createFdWatcher } from '../../../native/index.js';
import { systemDeviceFiles } from '../../../server/hid/device-files.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { UDC_ROOT } from '../../../server/hid/udc.js';
import { hidDeviceContract } from '../../contract/hid-device-contract.js';
import { until } from '../../e2e/until.js';
import { makeGadget, PRODUCT } from './gadget-rig.js';
import { HostInput, hostDevice, hostInterface } from './host-input.js';

const USBHID = '/sys/bus/usb/drivers/usbhid';

hidDeviceContract('the kernel', async () => {
  const gadget = makeGadget();
  await gadget.create(HID_FUNCTIONS);
  const { udc, devices } = await gadget.bind();
  const device = devices.get('keyboard');
  assert.ok(device);
  let host = await HostInput.open(PRODUCT, 'keyboard');
  const keyboard = basename(hostInterface(PRODUCT, 'keyboard'));
  return {
    files: systemDeviceFiles,
    createWatcher: createFdWatcher,
    device,
    udc: `${UDC_ROOT}/${udc}`,
    async setFetching(fetching) {
      host.close();
      writeFileSync(`${USBHID}/${fetching ? 'bind' : 'unbind'}`, keyboard);
      if (fetching) host = await HostInput.open(PRODUCT, 'keyboard');
    },
    async setConfigured(configured) {
      host.close();
      writeFileSync(`${hostDevice(PRODUCT)}/authorized`, configured ? '1' : '0');
      if (configured) host = await HostInput.open(PRODUCT, 'keyboard');
    },
    setCapsLock: (on) => host.send('EV_LED', 'LED_CAPSL', on ? 1 : 0),
    async close() {
      host.close();
      await gadget.remove();
      await until('the device to leave', () => hostDevice(PRODUCT) === null);
    },
  };
});
