/** What is not known is written like this, never as a zero. */
export const UNKNOWN = '--';

/** Bytes with a decimal unit in at most five characters: `980 B`, `12.4 M`, `186 M`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = '';
  for (const next of ['k', 'M', 'G', 'T']) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 99.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** Seconds as `hh:mm:ss`; hours grow beyond two digits. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** A number with a fixed number of decimals, or `--`. */
export function formatNumber(value: number | null, decimals = 0): string {
  return value === null ? UNKNOWN : value.toFixed(decimals);
}

/** Bits per second as whole kbit/s. */
export function formatKilobits(bitsPerSecond: number | null): string {
  return bitsPerSecond === null ? UNKNOWN : String(Math.round(bitsPerSecond / 1000));
}

/** `1920x1080 60Hz`; the rate is left out while it is unknown (0), `--` without a picture. */
export function formatMode(width: number, height: number, frameRate: number): string {
  if (width === 0 || height === 0) return UNKNOWN;
  return `${width}x${height}${frameRate > 0 ? ` ${Math.round(frameRate)}Hz` : ''}`;
}

/** `1080p60`: the short name of a mode for a lamp's word. */
export function formatShortMode(height: number, frameRate: number): string {
  return `${height}p${frameRate > 0 ? Math.round(frameRate) : ''}`;
}

/** Local `hh:mm` of a Date.now() value. */
export function formatClock(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** What a line of the log says, `Carrier lost (7 times)`. */
export function formatLogText({ text, times = 1 }: { text: string; times?: number }): string {
  return times > 1 ? `${text} (${times} times)` : text;
}

/** A hex fingerprint as rows of four groups of four, so that it can be compared by eye. */
export function formatFingerprint(hex: string): string[] {
  const groups =
    hex
      .replaceAll(/[^0-9a-f]/gi, '')
      .toUpperCase()
      .match(/.{1,4}/g) ?? [];
  const rows: string[] = [];
  for (let at = 0; at < groups.length; at += 4) rows.push(groups.slice(at, at + 4).join(' '));
  return rows;
}
