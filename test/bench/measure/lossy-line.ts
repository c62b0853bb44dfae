import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../e2e/until.js';
import { quantile } from '../quantiles.js';
import { takeShown } from '../rig/console-rig.js';
import { LineRig, received } from '../rig/line-rig.js';
import type { Measurement, MeasurementContext } from './measurement.js';

const FRAME_RATE = 30;
const MOST_RUNS = 2;
/** Long enough for some hundred pictures. */
const WATCH_MS = 10_000;
const SETTLE_MS = 2000;
const LINES = [
  { loss: 0.01, roundTripMs: 40 },
  { loss: 0.05, roundTripMs: 40 },
  { loss: 0.02, roundTripMs: 150 },
];
const KEY_LINE = { loss: 0.02, roundTripMs: 100 };
const KEYS = 250;
const KEY_GAP_MS = 20;
const FREE = { loss: 0, delayMs: 0 };

/** A line that loses packets in both directions: what becomes of the pictures of a moving window, and of keys. */
export const lossyLine: Measurement = {
  name: 'loss',
  measure: async (context) => {
    const rig = await LineRig.start(FRAME_RATE);
    try {
      await rig.console.load('webrtc');
      for (let run = 0; run < Math.min(context.options.runs, MOST_RUNS); run++) {
        await rig.console.appliance.target.bootTo('desktop');
        for (const line of LINES) await measurePictures(rig, line, context);
        await rig.console.appliance.target.bootTo('console');
        await measureKeys(rig, context);
      }
    } finally {
      await rig.close();
    }
  },
};

type Line = (typeof LINES)[number];

function nameOf({ loss, roundTripMs }: Line): string {
  return `loss.${loss * 100}pct_${roundTripMs}ms`;
}

async function measurePictures(
  rig: LineRig,
  line: Line,
  { figures, note }: MeasurementContext,
): Promise<void> {
  rig.shape({ loss: 0, delayMs: line.roundTripMs / 2 });
  const page = await rig.console.load('webrtc');
  await pause(SETTLE_MS);
  rig.shape({ loss: line.loss });
  await takeShown(page);
  const from = { coded: rig.console.tap.pictures.size, ...(await received(page.viewer.page)) };
  await pause(WATCH_MS);
  const to = { coded: rig.console.tap.pictures.size, ...(await received(page.viewer.page)) };
  const shown = await takeShown(page);
  rig.shape(FREE);
  const coded = to.coded - from.coded;
  // One more or less may be under way at either end.
  const lost = Math.max(0, coded - (to.decoded - from.decoded));
  const gapsMs = shown.slice(1).map(({ atMs }, at) => atMs - (shown[at]?.atMs ?? atMs));
  const name = nameOf(line);
  figures.add(`${name}.pictures_lost`, '%', (100 * lost) / coded);
  figures.add(`${name}.longest_freeze`, 'ms', Math.max(...gapsMs));
  figures.add(`${name}.keyframe_requests`, 'in 10 s', to.keyframeRequests - from.keyframeRequests);
  note(`${name}: ${lost} of ${coded} pictures lost`);
}

/** From the event in the page to the report on the cable: what releases a key must come soon, or it repeats. */
async function measureKeys(rig: LineRig, { figures, note }: MeasurementContext): Promise<void> {
  rig.shape({ loss: 0, delayMs: KEY_LINE.roundTripMs / 2 });
  const page = await rig.console.load('webrtc');
  await page.viewer.page.evaluate(() => {
    addEventListener(
      'keyup',
      ({ timeStamp }) => globalThis.kvmProbe.keyUpsMs.push(timeStamp),
      true,
    );
  });
  rig.shape({ loss: KEY_LINE.loss });
  const { releaseTimesUs } = rig.console;
  const before = releaseTimesUs.length;
  for (let key = 0; key < KEYS; key++) {
    await page.viewer.page.keyboard.down('x');
    await pause(KEY_GAP_MS);
    await page.viewer.page.keyboard.up('x');
    await pause(KEY_GAP_MS);
  }
  await until('all keys', () => releaseTimesUs.length >= before + KEYS);
  const ups = await page.viewer.page.evaluate(() => globalThis.kvmProbe.keyUpsMs);
  rig.shape(FREE);
  const delaysMs = ups.map((atMs, key) => {
    const releaseUs = releaseTimesUs[before + key] ?? Number.NaN;
    return (releaseUs - page.originUs) / 1000 - atMs;
  });
  const name = `${nameOf(KEY_LINE)}.key_up`;
  for (const percent of [50, 99]) {
    figures.add(`${name}.p${percent}`, 'ms', quantile(delaysMs, percent / 100));
  }
  note(`${name}: ${delaysMs.length} keys, the slowest ${Math.round(Math.max(...delaysMs))} ms`);
}
