/** Where things are in an EDID: VESA E-EDID Standard, release A2 (structure 1.3), and CTA-861 for the extension. */
export const EDID_BLOCK_BYTES = 128;

/** The fixed first bytes. */
export const EDID_HEADER = [0, 255, 255, 255, 255, 255, 255, 0] as const;

export const EDID_OFFSETS = {
  manufacturer: 8,
  product: 10,
  serial: 12,
  week: 16,
  version: 18,
  input: 20,
  gamma: 23,
  features: 24,
  chromaticity: 25,
  establishedTimings: 35,
  standardTimings: 38,
  descriptors: 54,
  extensionCount: 126,
  checksum: 127,
} as const;

export const DESCRIPTOR_BYTES = 18;

/** The byte that makes the sum of a block 0 modulo 256. */
export function edidChecksum(block: Uint8Array): number {
  const sum = block.subarray(0, EDID_BLOCK_BYTES - 1).reduce((total, byte) => total + byte, 0);
  return -sum & 0xff;
}
