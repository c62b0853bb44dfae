import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** How the gadget presents itself to the host (USB 2.0 section 9.6.1). */
export interface GadgetIdentity {
  readonly vendorId: number;
  readonly productId: number;
  readonly manufacturer: string;
  readonly product: string;
  /** Differs between devices, so that a host keeps its settings for each. */
  readonly serial: string;
  /** What the gadget claims to draw from the bus. */
  readonly maxPowerMilliamperes: number;
}

/** Where a device says which one it is: the board's own number, else that of the installed system. */
const ID_FILES = ['sys/firmware/devicetree/base/serial-number', 'etc/machine-id'];
const SERIAL_DIGITS = 12;

/**
 * A serial number that stays the same on this device and says nothing else of it: a hash of the board's serial
 * number, else of the machine id. `root` is where /sys and /etc are.
 */
export function deviceSerial(root = '/'): string {
  const id = ID_FILES.map((file) => readOrEmpty(root + file)).find((text) => text !== '') ?? '';
  const hash = createHash('sha256').update(`mykvm usb serial\0${id}`).digest('hex');
  return hash.slice(0, SERIAL_DIGITS).toUpperCase();
}

function readOrEmpty(path: string): string {
  try {
    // The device tree ends its strings with a zero byte.
    return readFileSync(path, 'utf8').replaceAll('\0', '').trim();
  } catch {
    return '';
  }
}
