import { hidDeviceContract } from '../../contract/hid-device-contract.js';
import { FakeHidDevices } from '../../fakes/fake-hid-devices.js';

const UDC = 'fake.0';
const NODE = '/dev/hidg0';
const STATE = `/udc/${UDC}/state`;
const CAPS_LOCK = 0x02;

hidDeviceContract('the fake', () => {
  const files = new FakeHidDevices(UDC, 1);
  files.later = setImmediate;
  const node = files.node(0);
  return {
    files,
    createWatcher: files.createWatcher,
    device: node.device,
    udc: `/udc/${UDC}`,
    setFetching(fetching) {
      node.room = fetching ? Number.POSITIVE_INFINITY : 1;
      if (fetching) files.fire(NODE, { write: true });
    },
    setConfigured(configured) {
      node.broken = configured ? null : 'ESHUTDOWN';
      if (configured) files.fire(STATE, { priority: true });
    },
    setCapsLock(on) {
      node.incoming.push([on ? CAPS_LOCK : 0]);
      files.fire(NODE, { read: true });
    },
    close() {},
  };
});
