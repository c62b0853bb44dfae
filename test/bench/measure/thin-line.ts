import { setTimeout as pause } from 'node:timers/promises';
import { monotonicUs } from '../../../native/index.js';
import { takeShown } from '../rig/console-rig.js';
import { LineRig } from '../rig/line-rig.js';
import type { Measurement, MeasurementContext } from './measurement.js';
import { WORKLOADS } from './workloads.js';

const FRAME_RATE = 30;
const MOST_RUNS = 2;
const QUEUES_MS = [300, 1000];
const LINE = { bitsPerSecond: 8e6, delayMs: 10 };
const THIN_BPS = 1e6;
const SETTLE_MS = 5000;
const THIN_MS = 10_000;
const RECOVERY_MS = 15_000;
/** An older picture is late. */
const LATE_MS = 300;
/** Of the bit rate before: the quality is back. */
const BACK_SHARE = 0.9;

/**
 * A line whose speed falls from 8 to 1 Mbit/s under scrolling text, and recovers: how long pictures are late, and how long until the
 * encoder may use as many bits as before.
 */
export const thinLine: Measurement = {
  name: 'thin_line',
  measure: async (context) => {
    const rig = await LineRig.start(FRAME_RATE);
    try {
      const scrolling = WORKLOADS.find(({ name }) => name === 'scrolling');
      await scrolling?.prepare(rig.console, await rig.console.load('webrtc'));
      for (let run = 0; run < Math.min(context.options.runs, MOST_RUNS); run++) {
        for (const queueMs of QUEUES_MS) await fallAndRecover(rig, queueMs, context);
      }
    } finally {
      await rig.close();
    }
  },
};

async function fallAndRecover(
  { console: rig, relay }: LineRig,
  queueMs: number,
  { figures, note }: MeasurementContext,
): Promise<void> {
  Object.assign(relay.down.shape, { ...LINE, queueMs });
  const page = await rig.load('webrtc');
  await pause(SETTLE_MS);
  await takeShown(page);
  const beforeBps = rig.tap.bitrateBps;
  const fallUs = monotonicUs();
  relay.down.shape.bitsPerSecond = THIN_BPS;
  await pause(THIN_MS);
  const recoveryUs = monotonicUs();
  const lowBps = rig.tap.bitrateBps;
  const ages: Array<{ atS: number; ageMs: number }> = [];
  let capturedUs = fallUs;
  for (const { rtpTimestamp, atMs } of await takeShown(page)) {
    const shownUs = page.originUs + atMs * 1000;
    // At its worst, just before the next one comes.
    ages.push({ atS: (shownUs - fallUs) / 1e6, ageMs: (shownUs - capturedUs) / 1000 });
    capturedUs = rig.tap.pictures.get(rtpTimestamp)?.timestampUs ?? capturedUs;
  }
  ages.push({ atS: (recoveryUs - fallUs) / 1e6, ageMs: (recoveryUs - capturedUs) / 1000 });
  relay.down.shape.bitsPerSecond = LINE.bitsPerSecond;
  const backUs = await bitrateBack(rig.tap, beforeBps * BACK_SHARE, recoveryUs);
  const name = `thin_line.queue_${queueMs}ms`;
  const lateUntilS = ages.findLast(({ ageMs }) => ageMs > LATE_MS)?.atS ?? 0;
  figures.add(`${name}.late_until`, 's', lateUntilS);
  figures.add(`${name}.oldest_picture`, 'ms', Math.max(...ages.map(({ ageMs }) => ageMs)));
  figures.add(`${name}.quality_back`, 's', (backUs - recoveryUs) / 1e6);
  const rates = [beforeBps, lowBps, rig.tap.bitrateBps].map((bps) => `${Math.round(bps / 1000)}`);
  note(`${name}: late until ${lateUntilS.toFixed(2)} s, ${rates.join(', ')} kbit/s`);
}

/** When that rate was reached; the end of the watch when it was not. */
async function bitrateBack(
  tap: LineRig['console']['tap'],
  wantedBps: number,
  sinceUs: number,
): Promise<number> {
  const endUs = sinceUs + RECOVERY_MS * 1000;
  while (tap.bitrateBps < wantedBps && monotonicUs() < endUs) await pause(20);
  return monotonicUs();
}
