import type { GadgetFault } from './gadget-error.js';
import type { GadgetIdentity } from './gadget-identity.js';
import type { HidFunction } from './hid-port.js';
import { HID_FUNCTIONS } from './report-descriptors.js';

/** Version of the protocol of this file: one line of JSON per request and per reply, one request at a time. */
export const GADGET_WIRE_VERSION = 1;

/** Longest line, in characters: a request with the longest strings stays below it. */
export const MAX_LINE_LENGTH = 2048;

/** USB_MAX_STRING_LEN of the kernel (include/uapi/linux/usb/ch9.h). */
const MAX_STRING_BYTES = 126;
const FAULTS: readonly GadgetFault[] = [
  'no-configfs',
  'not-permitted',
  'no-udc',
  'udc-busy',
  'does-not-fit',
  'failed',
];

/** What a process without privileges may ask of the USB service; `open` comes first on each connection. */
export type GadgetRequest =
  | { act: 'open'; version: number; udc: string | null; identity: GadgetIdentity }
  | { act: 'create' | 'set-functions'; functions: readonly HidFunction[] }
  | { act: 'bind' | 'unbind' | 'wake' | 'remove' };

/** The answer to one request; `bind` alone has `udc` and `devices` (see BoundGadget). */
export type GadgetReply =
  | { ok: true; udc?: string; devices?: Partial<Record<HidFunction, string>> }
  | { ok: false; fault: GadgetFault; message: string };

type Fields = Readonly<Record<string, unknown>>;

/** The request in a line; null when it is anything but exactly one of {@link GadgetRequest}. Never throws. */
export function parseGadgetRequest(line: string): GadgetRequest | null {
  const fields = parseObject(line);
  switch (fields?.['act']) {
    case 'open':
      return isOpening(fields) ? (fields as GadgetRequest) : null;
    case 'create':
    case 'set-functions':
      return hasOnly(fields, 'act', 'functions') && areFunctions(fields['functions'])
        ? (fields as GadgetRequest)
        : null;
    case 'bind':
    case 'unbind':
    case 'wake':
    case 'remove':
      return hasOnly(fields, 'act') ? (fields as GadgetRequest) : null;
    default:
      return null;
  }
}

/** The reply in a line; null when it is none. Never throws. */
export function parseGadgetReply(line: string): GadgetReply | null {
  const fields = parseObject(line);
  if (fields === null) return null;
  if (fields['ok'] === false) {
    const { fault, message } = fields;
    return FAULTS.includes(fault as GadgetFault) && typeof message === 'string'
      ? (fields as GadgetReply)
      : null;
  }
  if (fields['ok'] !== true) return null;
  if (hasOnly(fields, 'ok')) return { ok: true };
  const { udc, devices } = fields;
  const named = isUdcName(udc) && isObject(devices);
  return named && areFunctions(Object.keys(devices)) && Object.values(devices).every(isDevice)
    ? (fields as GadgetReply)
    : null;
}

/** One line of the protocol. */
export function gadgetLine(message: GadgetRequest | GadgetReply): string {
  return `${JSON.stringify(message)}\n`;
}

function isOpening(fields: Fields): boolean {
  const { version, udc, identity } = fields;
  return (
    hasOnly(fields, 'act', 'version', 'udc', 'identity') &&
    version === GADGET_WIRE_VERSION &&
    (udc === null || isUdcName(udc)) &&
    isIdentity(identity)
  );
}

function isIdentity(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { vendorId, productId, manufacturer, product, serial, maxPowerMilliamperes } = value;
  return (
    Object.keys(value).length === 6 &&
    isWhole(vendorId, 0, 0xffff) &&
    isWhole(productId, 0, 0xffff) &&
    isWhole(maxPowerMilliamperes, 2, 500) &&
    [manufacturer, product, serial].every(isUsbString)
  );
}

/** Each at most once, at least one: the order is that of the interfaces. */
function areFunctions(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((name) => HID_FUNCTIONS.includes(name))
  );
}

/** A name below /sys/class/udc, never a path. */
function isUdcName(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9][\w.:@-]{0,63}$/.test(value);
}

/** major:minor. */
function isDevice(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,7}:\d{1,7}$/.test(value);
}

/** One line that the kernel takes as a USB string. */
function isUsbString(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^[^\p{Cc}\p{Cs}]+$/u.test(value) &&
    Buffer.byteLength(value) <= MAX_STRING_BYTES
  );
}

function isWhole(value: unknown, low: number, high: number): boolean {
  return Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
}

function hasOnly(fields: Fields, ...names: string[]): boolean {
  const keys = Object.keys(fields);
  return keys.length === names.length && names.every((name) => keys.includes(name));
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
