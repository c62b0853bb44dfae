import type * as Werift from 'werift';

/** Seconds between 1900 (NTP) and 1970 (Unix). */
const NTP_OFFSET_S = 2_208_988_800;

/** Wall-clock time as a 64-bit NTP timestamp (RFC 3550 section 4). werift's own writes decimals as the fraction. */
export function ntpTimestamp(epochMs: number): bigint {
  const seconds = Math.floor(epochMs / 1000);
  const fraction = Math.floor(((epochMs - seconds * 1000) / 1000) * 2 ** 32);
  return (BigInt(seconds + NTP_OFFSET_S) << 32n) | BigInt(fraction);
}

/** The middle 32 bits of an NTP timestamp, as reports carry it: units of 1/65536 s. */
export function compactNtp(ntp: bigint): number {
  return Number((ntp >> 16n) & 0xffffffffn);
}

/** Round trip in milliseconds from a report block (RFC 3550 section 6.4.1), null when it answers no sender report. */
export function roundTripMs(
  report: Pick<Werift.RtcpReceiverInfo, 'lsr' | 'dlsr'>,
  nowNtp: bigint,
): number | null {
  if (report.lsr === 0) return null;
  const units = (compactNtp(nowNtp) - report.lsr - report.dlsr) | 0;
  // Clock steps make nonsense of it: a minute is no round trip.
  return units < 0 || units > 60 * 65_536 ? null : (units / 65_536) * 1000;
}
