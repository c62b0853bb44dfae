/**
 * The codec string of an Annex B keyframe, from its SPS (ITU-T H.264 section 7.3.2.1.1: profile_idc,
 * constraint flags, level_idc follow the NAL header; RFC 6381 section 3.3). Null without an SPS.
 */
export function codecStringOf(keyframe: Uint8Array): string | null {
  const SPS = 7;
  for (let at = 0; at + 7 < keyframe.length; at++) {
    if (keyframe[at] !== 0 || keyframe[at + 1] !== 0 || keyframe[at + 2] !== 1) continue;
    if (((keyframe[at + 3] ?? 0) & 0x1f) !== SPS) continue;
    const hex = [...keyframe.subarray(at + 4, at + 7)].map((byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    return `avc1.${hex.join('')}`;
  }
  return null;
}
