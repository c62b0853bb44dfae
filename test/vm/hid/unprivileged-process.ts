import { HidController } from '../../../server/hid/hid-controller.js';
import { silentLogger } from '../../../server/logger.js';
import { createTarget } from '../../../server/target/create-target.js';
import { PRODUCT } from './gadget-rig.js';

// The target as a MyKVM has it that is not root: it tells its state and its warnings and holds the keys down that it is sent.
const tell = (message: string) => void process.send?.(message);
const target = await createTarget({
  kind: 'hardware',
  device: '/nonexistent/video0',
  udc: null,
  usbId: { vendorId: 0x1d6b, productId: 0x0104 },
  usbManufacturer: 'MyKVM',
  usbProduct: PRODUCT,
  usbSerial: 'TEST',
  usbMaxPowerMilliamperes: 250,
  usbFunctions: [],
  usbSocket: null,
  frameRate: 60,
  seed: 1,
  testMarks: false,
  logger: { ...silentLogger, warn: (_context, message) => tell(message) },
});
const controller = new HidController(target.hid, {
  onChange: () => tell(`state ${controller.state}`),
});
controller.start();
tell(`user ${process.geteuid?.()}`);
tell(`state ${controller.state}`);
const source = { id: 'test' };
process.on('message', (message) => {
  if (message === 'close') {
    controller.close();
    void target.close().then(() => process.exit(0));
  } else controller.key(source, Math.abs(Number(message)), Number(message) > 0);
});
