import { createHash } from 'node:crypto';
import { DISPLAY_MODES, type DisplayMode } from './display-mode.js';
import {
  DESCRIPTOR_BYTES,
  EDID_BLOCK_BYTES,
  EDID_HEADER,
  EDID_OFFSETS,
  edidChecksum,
} from './edid-layout.js';
import { type EdidPreset, presetMode } from './edid-presets.js';

const MANUFACTURER = 'MYK';
const PRODUCT = 1;
const MODEL_YEAR = 2026;
const NAME = 'MyKVM';

/** sRGB's primaries and white point, as bytes 25 to 34 carry them. */
const SRGB_CHROMATICITY = [0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54];

/** The mode that firmware of the 50 Hz world asks for, with every preset. */
const SECOND_MODE = DISPLAY_MODES['1280x720@50'];

/** 640x480 at 60 Hz. */
const VGA_VIC = 1;

/**
 * The EDID of a preset: 256 bytes. It prefers the preset's mode and offers 640x480, 800x600, 1024x768 and 1280x720 at 50 Hz
 * to firmware that wants those; no audio. `serial` names the unit: targets remember displays by it.
 */
export function buildEdid(preset: EdidPreset, serial: string): Uint8Array {
  const edid = new Uint8Array(2 * EDID_BLOCK_BYTES);
  const mode: DisplayMode = presetMode(preset);
  writeBase(edid.subarray(0, EDID_BLOCK_BYTES), mode, serial);
  writeExtension(edid.subarray(EDID_BLOCK_BYTES), mode);
  return edid;
}

function writeBase(block: Uint8Array, mode: DisplayMode, serial: string): void {
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  block.set(EDID_HEADER);
  view.setUint16(EDID_OFFSETS.manufacturer, letters(MANUFACTURER));
  view.setUint16(EDID_OFFSETS.product, PRODUCT, true);
  const digest = createHash('sha256').update(serial).digest();
  view.setUint32(EDID_OFFSETS.serial, digest.readUInt32LE(0), true);
  // Any week; structure 1.3 knows no model year of its own.
  block.set([1, MODEL_YEAR - 1990], EDID_OFFSETS.week);
  block.set([1, 3], EDID_OFFSETS.version);
  // Digital. The size in cm stays 0, unknown: a target must not scale its desktop by a size that we make up.
  block[EDID_OFFSETS.input] = 0x80;
  block[EDID_OFFSETS.gamma] = 2.2 * 100 - 100;
  // RGB colour, sRGB, and the first timing is the preferred one.
  block[EDID_OFFSETS.features] = 0x08 | 0x04 | 0x02;
  block.set(SRGB_CHROMATICITY, EDID_OFFSETS.chromaticity);
  // 640x480, 800x600 and 1024x768, all at 60 Hz.
  block.set([0x20 | 0x01, 0x08, 0], EDID_OFFSETS.establishedTimings);
  block.fill(0x01, EDID_OFFSETS.standardTimings, EDID_OFFSETS.descriptors);
  const descriptors = [
    detailedTiming(mode),
    rangeLimits(),
    textDescriptor(0xfc, NAME),
    textDescriptor(0xff, serial),
  ];
  for (const [index, descriptor] of descriptors.entries()) {
    block.set(descriptor, EDID_OFFSETS.descriptors + index * DESCRIPTOR_BYTES);
  }
  block[EDID_OFFSETS.extensionCount] = 1;
  block[EDID_OFFSETS.checksum] = edidChecksum(block);
}

/** CTA-861 revision 3: the video codes, and that this is HDMI (without it some sources send DVI, some nothing). */
function writeExtension(block: Uint8Array, mode: DisplayMode): void {
  const codes = [...(mode.vic === undefined ? [] : [mode.vic]), SECOND_MODE.vic, VGA_VIC];
  const video = [(2 << 5) | codes.length, ...codes];
  // HDMI's vendor block: its identifier and the physical address 1.0.0.0.
  const hdmi = [(3 << 5) | 5, 0x03, 0x0c, 0x00, 0x10, 0x00];
  // Video capabilities: any RGB range that the source announces is understood, and nothing is cut off at the edges.
  const capabilities = [(7 << 5) | 2, 0x00, 0x40 | 0x08 | 0x02];
  const blocks = [...video, ...hdmi, ...capabilities];
  const timingsAt = 4 + blocks.length;
  // Nothing is cut off at the edges, no audio, RGB only, and the preferred timing is the native one.
  block.set([0x02, 3, timingsAt, 0x80 | 1, ...blocks]);
  block.set(detailedTiming(SECOND_MODE), timingsAt);
  block[EDID_OFFSETS.checksum] = edidChecksum(block);
}

/** Three letters of five bits each, A is 1. */
function letters(text: string): number {
  return [...text].reduce((value, letter) => (value << 5) | (letter.charCodeAt(0) - 64), 0);
}

function detailedTiming(mode: DisplayMode): Uint8Array {
  const { width, height, horizontal, vertical } = mode;
  const clock = mode.pixelClockHz / 10_000;
  const high = (value: number) => (value >> 8) & 0x0f;
  const POSITIVE_HORIZONTAL = 0x02;
  const POSITIVE_VERTICAL = 0x04;
  const SEPARATE_SYNC = 0x18;
  const positive =
    (mode.negativeSync === 'horizontal' ? 0 : POSITIVE_HORIZONTAL) |
    (mode.negativeSync === 'vertical' ? 0 : POSITIVE_VERTICAL);
  return Uint8Array.of(
    clock & 0xff,
    clock >> 8,
    width & 0xff,
    horizontal.blanking & 0xff,
    (high(width) << 4) | high(horizontal.blanking),
    height & 0xff,
    vertical.blanking & 0xff,
    (high(height) << 4) | high(vertical.blanking),
    horizontal.frontPorch & 0xff,
    horizontal.sync & 0xff,
    ((vertical.frontPorch & 0x0f) << 4) | (vertical.sync & 0x0f),
    ((horizontal.frontPorch >> 8) << 6) |
      ((horizontal.sync >> 8) << 4) |
      ((vertical.frontPorch >> 4) << 2) |
      (vertical.sync >> 4),
    0,
    0,
    0,
    0,
    0,
    SEPARATE_SYNC | positive,
  );
}

/** 25 to 61 pictures and 28 000 to 50 000 lines per second, at most 80 MHz: all modes that are offered, and no more. */
function rangeLimits(): Uint8Array {
  return Uint8Array.of(0, 0, 0, 0xfd, 0, 25, 61, 28, 50, 8, 0, 0x0a, ...Array(6).fill(0x20));
}

/** Up to 13 characters; a shorter text ends with a line feed. */
function textDescriptor(tag: number, text: string): Uint8Array {
  const SPACE = 0x20;
  const descriptor = new Uint8Array(DESCRIPTOR_BYTES).fill(SPACE);
  descriptor.set([0, 0, 0, tag, 0]);
  const printable = text.replace(/[^\x20-\x7e]/g, '?').slice(-13);
  descriptor.set(Buffer.from(printable.length < 13 ? `${printable}\n` : printable, 'latin1'), 5);
  return descriptor;
}
