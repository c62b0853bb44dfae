/** NAL unit types of ITU-T H.264 table 7-1. */
export const NAL_TYPE = { sps: 7, pps: 8, delimiter: 9 } as const;

/**
 * The NAL units of an access unit in Annex B (ITU-T H.264 section B.1), without start codes and without the zeros that may
 * follow a NAL unit. Views into `data`.
 */
export function nalUnitsOf(data: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  let start = nextStart(data, 0);
  while (start < data.length) {
    const next = nextStart(data, start);
    // A start code at the end of one is the beginning of the next one; a NAL unit itself never ends with a zero.
    let end = next < data.length ? next - START_CODE_BYTES : next;
    while (end > start && data[end - 1] === 0) end -= 1;
    if (end > start) units.push(data.subarray(start, end));
    start = next;
  }
  return units;
}

export function nalTypeOf(unit: Uint8Array): number {
  return (unit[0] ?? 0) & 0x1f;
}

const START_CODE_BYTES = 3;

/** Where the NAL unit behind the next start code begins; the length of `data` when there is no further one. */
function nextStart(data: Uint8Array, from: number): number {
  for (let at = data.indexOf(1, from + 2); at >= 0; at = data.indexOf(1, at + 1)) {
    if (data[at - 1] === 0 && data[at - 2] === 0) return at + 1;
  }
  return data.length;
}
