import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { ConfigfsGadget, GADGET_ROOT } from '../hid/configfs-gadget.js';
import { deviceSerial } from '../hid/gadget-identity.js';
import type { HidFunction } from '../hid/hid-port.js';
import { RemoteGadget } from '../hid/remote-gadget.js';
import { hasUdc, UDC_ROOT } from '../hid/udc.js';
import type { Logger } from '../logger.js';
import { createHardwareTarget } from './hardware-target.js';
import { createSimulatedTarget } from './simulated/simulated-target.js';
import type { Target } from './target.js';

export interface TargetChoice {
  kind: 'auto' | 'hardware' | 'simulated';
  /** Capture device of the hardware target. */
  device: string;
  /** USB device controller of the hardware target; null takes the first free one. */
  udc: string | null;
  usbId: { vendorId: number; productId: number };
  usbManufacturer: string;
  usbProduct: string;
  /** Null derives one from this device. */
  usbSerial: string | null;
  usbMaxPowerMilliamperes: number;
  /** Empty for all. */
  usbFunctions: readonly HidFunction[];
  /** Socket of the USB service that makes the gadget; null makes it here when this process is root. */
  usbSocket: string | null;
  frameRate: number;
  seed: number;
  testMarks: boolean;
  logger: Logger;
  /** For tests: where controllers are listed and gadgets are made, so that those of this machine stay as they are. */
  udcRoot?: string;
  gadgetRoot?: string;
}

/** Where mykvm-usb listens unless it is told otherwise. */
const USB_SOCKET = '/run/mykvm-usb/socket';

/**
 * Opens the target. Only `auto` chooses, and says what it took: hardware where there is a capture device or a USB
 * device controller. `hardware` never turns into the simulator, whatever of the hardware is missing.
 */
export async function createTarget(choice: TargetChoice): Promise<Target> {
  if (choice.kind === 'hardware') return hardware(choice);
  if (choice.kind === 'simulated') return simulated(choice);
  const { device, logger } = choice;
  const found = [
    existsSync(device) ? `the capture device ${device}` : '',
    hasUdc(choice.udcRoot ?? UDC_ROOT) ? 'a USB device controller' : '',
  ].filter((text) => text !== '');
  if (found.length > 0) {
    logger.info({ device }, `there is ${found.join(' and ')}: driving a real computer`);
    return hardware(choice);
  }
  logger.info(
    { device },
    `there is neither a capture device ${device} nor a USB device controller: driving the simulated computer`,
  );
  return simulated(choice);
}

function hardware(choice: TargetChoice): Promise<Target> {
  const { device, udc, usbFunctions, logger } = choice;
  const identity = {
    ...choice.usbId,
    manufacturer: choice.usbManufacturer,
    product: choice.usbProduct,
    serial: choice.usbSerial ?? deviceSerial(),
    maxPowerMilliamperes: choice.usbMaxPowerMilliamperes,
  };
  const functions = usbFunctions.length > 0 ? { functions: [...new Set(usbFunctions)] } : {};
  const { udcRoot = UDC_ROOT, gadgetRoot = GADGET_ROOT } = choice;
  const socketPath = choice.usbSocket ?? (isRoot() ? null : USB_SOCKET);
  const control =
    socketPath === null
      ? new ConfigfsGadget({ identity, udc, logger, udcRoot, gadgetRoot })
      : new RemoteGadget({ identity, udc, socketPath });
  return createHardwareTarget({ device, udc, identity, ...functions, logger, control });
}

function isRoot(): boolean {
  try {
    return userInfo().uid === 0;
  } catch {
    // A user without an entry in /etc/passwd.
    return false;
  }
}

function simulated({ frameRate, seed, testMarks, logger }: TargetChoice): Promise<Target> {
  return createSimulatedTarget({ frameRate, seed, testMarks, recordLog: false, logger });
}
