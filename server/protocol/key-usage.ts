/**
 * A key as one number: 0x0004..0x00e7 is a usage of the HID keyboard page (0x07), 0x1000 | usage of the consumer
 * page (0x0c), 0x2000 | usage of the system controls of the generic desktop page (0x01).
 */
export type KeyUsage = number;

/** Mouse buttons as HID numbers them: 0 left, 1 right, 2 middle, 3 back, 4 forward. */
export type MouseButton = 0 | 1 | 2 | 3 | 4;

/** Added to a usage of the consumer page to make a {@link KeyUsage}. */
export const CONSUMER_PAGE = 0x1000;
/** Added to a system control of the generic desktop page to make a {@link KeyUsage}. */
export const SYSTEM_PAGE = 0x2000;

/** First modifier of the keyboard page, Left Control; the eight follow each other (HUT 1.4 section 10). */
export const FIRST_MODIFIER = 0xe0;
export const LAST_MODIFIER = 0xe7;

/** How many buttons the pointer has; {@link MouseButton} counts from 0. */
export const MOUSE_BUTTONS = 5;

const FIRST_KEY = 0x04;
const LAST_CONSUMER_USAGE = 0x3ff;
const FIRST_SYSTEM_USAGE = 0x81;
const LAST_SYSTEM_USAGE = 0x83;

/** Whether `value` names a key that can be sent to a target; anything else on the wire is a protocol error. */
export function isKeyUsage(value: number): boolean {
  if (!Number.isInteger(value)) return false;
  if (value >= FIRST_KEY && value <= LAST_MODIFIER) return true;
  if (value > CONSUMER_PAGE && value <= CONSUMER_PAGE + LAST_CONSUMER_USAGE) return true;
  return value >= SYSTEM_PAGE + FIRST_SYSTEM_USAGE && value <= SYSTEM_PAGE + LAST_SYSTEM_USAGE;
}

export function isMouseButton(value: number): value is MouseButton {
  return Number.isInteger(value) && value >= 0 && value < MOUSE_BUTTONS;
}
