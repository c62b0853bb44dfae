import { isIP } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { isEdidPreset } from '../protocol/edid-presets.js';
import { parseIceUrl } from '../protocol/ice-url.js';

/** A whole decimal number within the limits, both included. */
export function integerBetween(low: number, high: number): (text: string) => number | undefined {
  return (text) => {
    if (!/^\d{1,15}$/.test(text)) return undefined;
    const value = Number(text);
    return value >= low && value <= high ? value : undefined;
  };
}

/** One word of the list. */
export function oneOf<const T extends string>(...words: T[]): (text: string) => T | undefined {
  return (text) => words.find((word) => word === text);
}

/** A path of a file or directory; relative ones start at the working directory. */
export function path(text: string): string | undefined {
  return text === '' || text.includes('\0') ? undefined : resolve(text);
}

/** A device node, which has an absolute path. */
export function devicePath(text: string): string | undefined {
  return isAbsolute(text) && !text.includes('\0') ? text : undefined;
}

/** The name of an EDID preset, or a path with a slash in it: a mistyped preset is not taken for a file. */
export function edidOption(text: string): string | undefined {
  if (isEdidPreset(text)) return text;
  return text.includes('/') ? path(text) : undefined;
}

/** An IPv4 or IPv6 address, the latter with or without brackets. A zone (fe80::1%eth0) has no place in a URL. */
export function address(text: string): string | undefined {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 || bare.includes('%') ? undefined : bare;
}

/** A host name or an address, without port, in lower case. */
export function host(text: string): string | undefined {
  const name =
    /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;
  const literal = address(text);
  if (literal !== undefined) return literal.toLowerCase();
  // Digits and dots alone are a mistyped IPv4 address, never a name.
  return name.test(text) && !/^[\d.]+$/.test(text) ? text.toLowerCase() : undefined;
}

/** An address or a network in CIDR notation. */
export function network(text: string): string | undefined {
  const [base = '', bits, ...rest] = text.split('/');
  const version = isIP(base);
  if (version === 0 || base.includes('%') || rest.length > 0) return undefined;
  if (bits === undefined) return text;
  return integerBetween(0, version === 4 ? 32 : 128)(bits) === undefined ? undefined : text;
}

/** A range of ports, both ends included. */
export interface PortRange {
  readonly low: number;
  readonly high: number;
}

/** LOW-HIGH, both from 1024 to 65535 and in order. */
export function portRange(text: string): PortRange | undefined {
  const [, lowText = '', highText = ''] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  const port = integerBetween(1024, 65535);
  const low = port(lowText);
  const high = port(highText);
  return low === undefined || high === undefined || low > high ? undefined : { low, high };
}

/** An https URL of the page: no login, query or fragment. Always ends in a slash. */
export function httpsUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' || url.search || url.hash || url.username || url.password) {
    return undefined;
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/** An address of a STUN or TURN server, as it was written. */
export function iceUrl(text: string): string | undefined {
  return parseIceUrl(text)?.text;
}

/** A login or secret: one line, as STUN can carry it (RFC 8489 sections 14.3 and 14.9). */
export function loginText(text: string): string | undefined {
  return /^[^\p{Cc}\p{Cs}]{1,256}$/u.test(text) ? text : undefined;
}

/** Addresses that are told to viewers, or with "!" that are not: an interface's name, an address or a network. */
export function addressRule(text: string): string | undefined {
  const what = text.replace(/^!/, '');
  if (network(what) !== undefined) return text;
  // IFNAMSIZ of linux/if.h, with its ending zero. Digits, dots and slashes alone are a mistyped network.
  return /^(?![\d./]+$)[^\s/!:,]{1,15}$/.test(what) ? text : undefined;
}

/** A truth value as people write it in environments and files. */
export function truth(text: string): boolean | undefined {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  return /^(false|0|no|off)$/i.test(text) ? false : undefined;
}

/** Vendor and product of a USB device. */
export interface UsbId {
  readonly vendorId: number;
  readonly productId: number;
}

/** VVVV:PPPP in hexadecimal, as lsusb shows it. */
export function usbId(text: string): UsbId | undefined {
  const [, vendor, product] = /^(?:0x)?([0-9a-f]{4}):(?:0x)?([0-9a-f]{4})$/i.exec(text) ?? [];
  if (vendor === undefined || product === undefined) return undefined;
  return { vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16) };
}

/** Configfs takes one line of 126 bytes (usb_string_copy in drivers/usb/gadget/configfs.c). */
export function usbString(text: string): string | undefined {
  return /^[^\p{Cc}\p{Cs}]+$/u.test(text) && Buffer.byteLength(text) <= 126 ? text : undefined;
}
