import type { HidFunction } from '../../hid/hid-port.js';

/** Report ids of the consumer control function, and what is the power or the sleep button in each (docs/input-protocol.md). */
const CONSUMER_REPORT = 1;
const CONSUMER_POWER = 0x30;
const SYSTEM_REPORT = 2;
const CONSUMER_SLEEP = 0x32;
const SYSTEM_POWER_DOWN = 1;
const SYSTEM_SLEEP = 2;
/** Usages up to this one of the keyboard page are errors, not keys. */
const ERROR_ROLL_OVER = 0x01;

/** With standby power any pressed key switches the PC on, and so does the power button. */
export function isPowerOnKey(fn: HidFunction, bytes: Uint8Array): boolean {
  if (fn === 'keyboard') return bytes.subarray(2).some((usage) => usage > ERROR_ROLL_OVER);
  return fn === 'consumer' && isPowerButton(bytes);
}

/** True for a consumer control report that presses the power button. */
export function isPowerButton(bytes: Uint8Array): boolean {
  return presses(bytes, CONSUMER_POWER, SYSTEM_POWER_DOWN);
}

/** True for a consumer control report that presses the sleep button. */
export function isSleepButton(bytes: Uint8Array): boolean {
  return presses(bytes, CONSUMER_SLEEP, SYSTEM_SLEEP);
}

function presses(bytes: Uint8Array, consumerUsage: number, systemControl: number): boolean {
  if (bytes[0] === SYSTEM_REPORT) return bytes[1] === systemControl;
  return bytes[0] === CONSUMER_REPORT && bytes[1] === consumerUsage && bytes[2] === 0;
}
