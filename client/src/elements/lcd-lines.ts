import type { ConsoleState } from '../session/console-state.js';
import {
  formatBytes,
  formatDuration,
  formatKilobits,
  formatMode,
  formatNumber,
  UNKNOWN,
} from './format.js';

/** What the LCD shows. */
export interface LcdLines {
  mode: string;
  codec: string;
  latency: string;
  history: readonly number[];
  cells: ReadonlyArray<readonly [label: string, value: string]>;
}

/** Texts of the LCD; everything unknown is `--`. */
export function lcdLines(state: ConsoleState): LcdLines {
  const { metrics, remote, phase } = state;
  const live = phase === 'live';
  const connected = live || phase === 'reconnecting';
  const signal = state.signal ?? remote?.video.signal ?? null;
  const video = live && signal === 'ok';
  const shown = formatMode(
    state.pictureWidth,
    state.pictureHeight,
    video ? (remote?.video.frameRate ?? 0) : 0,
  );
  const mode = !connected
    ? 'STANDBY'
    : live && signal !== null && signal !== 'ok'
      ? 'NO SIGNAL'
      : state.hasPicture
        ? shown
        : 'WAITING';
  return {
    mode,
    codec: video && state.hasPicture ? 'H.264' : UNKNOWN,
    latency: video ? formatNumber(metrics.latencyMs) : UNKNOWN,
    history: video ? metrics.latencyHistory : [],
    cells: [
      ['FPS', live ? formatNumber(metrics.framesPerSecond, 1) : UNKNOWN],
      ['kbit/s', live ? formatKilobits(metrics.bitrateBps) : UNKNOWN],
      ['FRAMES', connected ? String(metrics.framesTotal).padStart(6, '0') : UNKNOWN],
      ['DATA', connected ? formatBytes(metrics.bytesTotal) : UNKNOWN],
      ['TIME', connected ? formatDuration(metrics.seconds) : UNKNOWN],
      [
        'LOST',
        live && metrics.lostPercent !== null ? `${metrics.lostPercent.toFixed(1)} %` : UNKNOWN,
      ],
    ],
  };
}
