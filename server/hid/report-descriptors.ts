import { USB_FUNCTIONS } from '../protocol/usb-functions.js';
import type { HidFunction } from './hid-port.js';

/** What configfs wants to know of a HID function (HID 1.11 sections 4.2, 4.3 and 6.2.2). */
export interface HidFunctionDescription {
  /** 1: usable by firmware that knows the boot protocol only. */
  readonly subclass: 0 | 1;
  /** 1 keyboard, 2 mouse, 0 none. */
  readonly protocol: 0 | 1 | 2;
  /** Longest input report in bytes, with its report id. */
  readonly reportBytes: number;
  /** The host sends reports (lock lamps), on the control pipe (SET_REPORT, HID 1.11 section 7.2.2). */
  readonly hostSends: boolean;
  readonly descriptor: Uint8Array;
}

/** All functions, in the order of their interfaces. */
export const HID_FUNCTIONS: readonly HidFunction[] = USB_FUNCTIONS;

/** A descriptor as hex, one item per entry with the words of the HID specification beside it. */
function items(...hex: string[]): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.join('').replaceAll(' ', ''), 'hex'));
}

/** Five buttons and the three bits that fill the byte. */
const BUTTONS = [
  '05 09', // Usage Page (Button)
  '19 01', // Usage Minimum (1)
  '29 05', // Usage Maximum (5)
  '15 00', // Logical Minimum (0)
  '25 01', // Logical Maximum (1)
  '75 01', // Report Size (1)
  '95 05', // Report Count (5)
  '81 02', // Input (Data, Variable, Absolute)
  '75 03', // Report Size (3)
  '95 01', // Report Count (1)
  '81 03', // Input (Constant)
];

/** Vertical and horizontal wheel: one count is one detent (no resolution multiplier). */
const WHEELS = [
  '05 01', // Usage Page (Generic Desktop)
  '09 38', // Usage (Wheel)
  '15 81', // Logical Minimum (-127)
  '25 7f', // Logical Maximum (127)
  '75 08', // Report Size (8)
  '95 01', // Report Count (1)
  '81 06', // Input (Data, Variable, Relative)
  '05 0c', // Usage Page (Consumer)
  '0a 38 02', // Usage (AC Pan)
  '81 06', // Input (Data, Variable, Relative)
];

/** The boot keyboard of HID 1.11 appendix B.1, with all usages to 0xe7 in its array. */
const KEYBOARD = items(
  '05 01', // Usage Page (Generic Desktop)
  '09 06', // Usage (Keyboard)
  'a1 01', // Collection (Application)
  '05 07', //   Usage Page (Keyboard)
  '19 e0', //   Usage Minimum (Left Control)
  '29 e7', //   Usage Maximum (Right GUI)
  '15 00', //   Logical Minimum (0)
  '25 01', //   Logical Maximum (1)
  '75 01', //   Report Size (1)
  '95 08', //   Report Count (8)
  '81 02', //   Input (Data, Variable, Absolute): modifiers
  '75 08', //   Report Size (8)
  '95 01', //   Report Count (1)
  '81 03', //   Input (Constant): reserved
  '05 08', //   Usage Page (LEDs)
  '19 01', //   Usage Minimum (Num Lock)
  '29 05', //   Usage Maximum (Kana)
  '75 01', //   Report Size (1)
  '95 05', //   Report Count (5)
  '91 02', //   Output (Data, Variable, Absolute): lamps
  '75 03', //   Report Size (3)
  '95 01', //   Report Count (1)
  '91 03', //   Output (Constant)
  '05 07', //   Usage Page (Keyboard)
  '19 00', //   Usage Minimum (0)
  '29 e7', //   Usage Maximum (Right GUI)
  '15 00', //   Logical Minimum (0)
  '26 e7 00', // Logical Maximum (231)
  '75 08', //   Report Size (8)
  '95 06', //   Report Count (6)
  '81 00', //   Input (Data, Array): keys
  'c0', // End Collection
);

/** Places over the whole screen, 0 to 32767 on both axes: Windows 7 takes no more and nothing negative. */
const ABSOLUTE_MOUSE = items(
  '05 01', // Usage Page (Generic Desktop)
  '09 02', // Usage (Mouse)
  'a1 01', // Collection (Application)
  '09 01', //   Usage (Pointer)
  'a1 00', //   Collection (Physical)
  ...BUTTONS,
  '05 01', //   Usage Page (Generic Desktop)
  '09 30', //   Usage (X)
  '09 31', //   Usage (Y)
  '15 00', //   Logical Minimum (0)
  '26 ff 7f', // Logical Maximum (32767)
  '75 10', //   Report Size (16)
  '95 02', //   Report Count (2)
  '81 02', //   Input (Data, Variable, Absolute)
  ...WHEELS,
  'c0', //   End Collection
  'c0', // End Collection
);

/** A boot mouse (HID 1.11 appendix B.2) in its first three bytes, with wheels after them. */
const RELATIVE_MOUSE = items(
  '05 01', // Usage Page (Generic Desktop)
  '09 02', // Usage (Mouse)
  'a1 01', // Collection (Application)
  '09 01', //   Usage (Pointer)
  'a1 00', //   Collection (Physical)
  ...BUTTONS,
  '05 01', //   Usage Page (Generic Desktop)
  '09 30', //   Usage (X)
  '09 31', //   Usage (Y)
  '15 81', //   Logical Minimum (-127)
  '25 7f', //   Logical Maximum (127)
  '75 08', //   Report Size (8)
  '95 02', //   Report Count (2)
  '81 06', //   Input (Data, Variable, Relative)
  ...WHEELS,
  'c0', //   End Collection
  'c0', // End Collection
);

/** One consumer usage (report id 1), and one of System Power Down, Sleep and Wake Up (report id 2). */
const CONSUMER = items(
  '05 0c', // Usage Page (Consumer)
  '09 01', // Usage (Consumer Control)
  'a1 01', // Collection (Application)
  '85 01', //   Report ID (1)
  '15 00', //   Logical Minimum (0)
  '26 ff 03', // Logical Maximum (1023)
  '19 00', //   Usage Minimum (0)
  '2a ff 03', // Usage Maximum (1023)
  '75 10', //   Report Size (16)
  '95 01', //   Report Count (1)
  '81 00', //   Input (Data, Array)
  'c0', // End Collection
  '05 01', // Usage Page (Generic Desktop)
  '09 80', // Usage (System Control)
  'a1 01', // Collection (Application)
  '85 02', //   Report ID (2)
  '15 01', //   Logical Minimum (1)
  '25 03', //   Logical Maximum (3)
  '19 81', //   Usage Minimum (System Power Down)
  '29 83', //   Usage Maximum (System Wake Up)
  '75 08', //   Report Size (8)
  '95 01', //   Report Count (1)
  '81 00', //   Input (Data, Array): 0 is none
  'c0', // End Collection
);

/** Subclass, protocol, report length and descriptor of each function; the writers of server/hid make these reports. */
export const FUNCTION_DESCRIPTIONS: Readonly<Record<HidFunction, HidFunctionDescription>> = {
  keyboard: { subclass: 1, protocol: 1, reportBytes: 8, hostSends: true, descriptor: KEYBOARD },
  'absolute-mouse': {
    subclass: 0,
    protocol: 0,
    reportBytes: 7,
    hostSends: false,
    descriptor: ABSOLUTE_MOUSE,
  },
  'relative-mouse': {
    subclass: 1,
    protocol: 2,
    reportBytes: 5,
    hostSends: false,
    descriptor: RELATIVE_MOUSE,
  },
  consumer: { subclass: 0, protocol: 0, reportBytes: 3, hostSends: false, descriptor: CONSUMER },
};
