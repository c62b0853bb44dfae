import { setTimeout as pause } from 'node:timers/promises';
import { LineRig } from '../rig/line-rig.js';
import type { Measurement, MeasurementContext } from './measurement.js';

const FRAME_RATE = 30;
const SETTLE_MS = 4000;
const MOST_RUNS = 2;
/** Text that scrolls, then stands: two seconds of it. */
const MOTION = 'scroll 60';
const MOTION_MS = 2000;
const AFTER_MS = 3500;
/** Frames of text that scrolls are closer to each other. */
const MOTION_GAP_US = 100_000;
/** The difference to the picture that is as good as it gets is not seen any more. */
const SHARP_DB = 40;
const LINES = { '8mbit': 8e6, '1mbit': 1e6 } as const;

/** A screen that stands still: what it costs, and how soon text is sharp after it has stopped to move. */
export const stillScreen: Measurement = {
  name: 'still_screen',
  measure: async (context) => {
    const rig = await LineRig.start(FRAME_RATE);
    try {
      Object.assign(rig.relay.down.shape, { delayMs: 10, queueMs: 300 });
      await rig.console.load('webrtc');
      for (let run = 0; run < Math.min(context.options.runs, MOST_RUNS); run++) {
        await rig.console.appliance.target.bootTo('console');
        await measureCost(rig, context);
        for (const [name, bitsPerSecond] of Object.entries(LINES)) {
          rig.relay.down.shape.bitsPerSecond = bitsPerSecond;
          await measureSharpness(rig, name, context);
        }
        rig.relay.down.shape.bitsPerSecond = Number.POSITIVE_INFINITY;
      }
    } finally {
      await rig.close();
    }
  },
};

async function measureCost(rig: LineRig, { options, figures }: MeasurementContext): Promise<void> {
  await rig.console.load('webrtc');
  await pause(SETTLE_MS);
  const before = rig.relay.down.counts.bytes;
  await pause(options.seconds * 1000);
  const bits = (rig.relay.down.counts.bytes - before) * 8;
  figures.add('still_screen.bitrate', 'kbit/s', bits / options.seconds / 1000);
}

async function measureSharpness(
  { console: rig }: LineRig,
  line: string,
  { figures, note }: MeasurementContext,
): Promise<void> {
  const page = await rig.load('webrtc');
  const { target } = rig.appliance;
  await pause(SETTLE_MS);
  await target.frameTimesUs();
  await page.viewer.page.keyboard.type(MOTION);
  await page.viewer.page.evaluate(() => globalThis.kvmProbe.keepLuma());
  await page.viewer.page.keyboard.press('Enter');
  await pause(MOTION_MS + AFTER_MS);
  const frames = await target.frameTimesUs();
  const last = frames.findLast((us, at) => us - (frames[at - 1] ?? 0) < MOTION_GAP_US);
  const shown = await page.viewer.page.evaluate(() => globalThis.kvmProbe.takeSharpness());
  if (last === undefined || shown.length === 0) throw new Error('nothing has moved');
  const blurred = shown.findLast(({ decibels }) => decibels < SHARP_DB);
  const sharp = shown.find(({ atMs }) => atMs > (blurred?.atMs ?? 0));
  const afterMs = ((sharp?.atMs ?? Number.NaN) * 1000 + page.originUs - last) / 1000;
  figures.add(`still_screen.text_sharp.${line}`, 'ms', Math.max(0, afterMs));
  note(`still_screen.text_sharp.${line}: ${Math.round(afterMs)} ms`);
}
