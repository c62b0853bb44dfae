import { NAL_TYPE, nalTypeOf, nalUnitsOf } from './nal-units.js';

/**
 * The codec string of an Annex B keyframe, from its SPS (ITU-T H.264 section 7.3.2.1.1: profile_idc,
 * constraint flags, level_idc follow the NAL header; RFC 6381 section 3.3). Null without an SPS.
 */
export function codecStringOf(keyframe: Uint8Array): string | null {
  const sps = nalUnitsOf(keyframe).find((unit) => nalTypeOf(unit) === NAL_TYPE.sps);
  return sps && sps.length >= 4 ? codecStringOfSps(sps) : null;
}

/** The same from the SPS itself. */
export function codecStringOfSps(sps: Uint8Array): string {
  const hex = [...sps.subarray(1, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `avc1.${hex.join('')}`;
}
