import type { Figures } from '../figures.js';
import { quantile } from '../quantiles.js';
import { ConsoleRig, type LoadedPage, setProbe, takeShown } from '../rig/console-rig.js';
import type { TappedPicture } from '../rig/picture-tap.js';
import type { Subject } from '../rig/subject.js';
import type { Measurement, MeasurementContext } from './measurement.js';
import { ORDERS } from './orders.js';
import { WORKLOADS, type Workload } from './workloads.js';

const FRAME_RATES = [30, 60];
/** Connecting is still going on in the first moments. */
const SETTLE_S = 1;

/** A picture that was both coded and shown. */
export interface TimedPicture {
  picture: TappedPicture;
  shownUs: number;
  submittedUs: number | null;
  markUs: number | null;
}

/** From the capture of a picture to the moment that the page shows it. */
export const glassToGlass: Measurement = {
  name: 'glass_to_glass',
  measure: async (context) => {
    for (const frameRate of context.options.quick ? FRAME_RATES.slice(1) : FRAME_RATES) {
      const rig = await ConsoleRig.start(frameRate);
      try {
        for (const workload of WORKLOADS) await measureWorkload(rig, frameRate, workload, context);
        if (frameRate === FRAME_RATES.at(-1)) await compareWithPixels(rig, context);
      } finally {
        await rig.close();
      }
    }
  },
};

async function measureWorkload(
  rig: ConsoleRig,
  frameRate: number,
  workload: Workload,
  { options, figures, note }: MeasurementContext,
): Promise<void> {
  const name = `glass_to_glass.720p${frameRate}.${workload.name}`;
  await workload.prepare(rig, await rig.load('webrtc'));
  for (let run = 0; run < options.runs; run++) {
    for (const subject of ORDERS[run % ORDERS.length] ?? []) {
      const page = await rig.load(subject);
      await workload.run(page, SETTLE_S);
      await collect(rig, page);
      await workload.run(page, options.seconds);
      const pictures = await collect(rig, page);
      note(`${name}.${subject}: ${pictures.length} pictures`);
      addRun(figures, name, subject, pictures);
    }
  }
}

/** Pictures shown since the last call, each at its first time; those coded again for a still screen are left out. */
export async function collect(rig: ConsoleRig, page: LoadedPage): Promise<TimedPicture[]> {
  const shown = await takeShown(page);
  const drawnUs = new Set(await rig.appliance.target.frameTimesUs());
  const toUs = (ms: number) => page.originUs + ms * 1000;
  const seen = new Set<number>();
  return shown.flatMap(({ rtpTimestamp, atMs, submittedMs, markUs }) => {
    const picture = rig.tap.pictures.get(rtpTimestamp);
    if (!picture || seen.has(rtpTimestamp) || !drawnUs.has(picture.timestampUs)) return [];
    seen.add(rtpTimestamp);
    const submittedUs = submittedMs === null ? null : toUs(submittedMs);
    return [{ picture, shownUs: toUs(atMs), submittedUs, markUs }];
  });
}

function addRun(
  figures: Figures,
  name: string,
  subject: Subject,
  pictures: readonly TimedPicture[],
): void {
  const sinceCapture = (us: (picture: TimedPicture) => number): number[] =>
    pictures.map((timed) => (us(timed) - timed.picture.timestampUs) / 1000);
  const shownMs = sinceCapture(({ shownUs }) => shownUs);
  const carriedMs = pictures.map(({ picture, shownUs }) => (shownUs - picture.codedUs) / 1000);
  const values = {
    p50: quantile(shownMs, 0.5),
    p95: quantile(shownMs, 0.95),
    p99: quantile(shownMs, 0.99),
    'coded.p50': quantile(
      sinceCapture(({ picture }) => picture.codedUs),
      0.5,
    ),
    'coded_to_shown.p50': quantile(carriedMs, 0.5),
    'coded_to_shown.p95': quantile(carriedMs, 0.95),
  };
  for (const [quality, value] of Object.entries(values)) {
    figures.addRun(name, subject, quality, 'ms', value);
  }
  const decodedMs = pictures.flatMap(({ picture, submittedUs }) =>
    submittedUs === null ? [] : [(submittedUs - picture.codedUs) / 1000],
  );
  if (subject === 'websocket') return;
  const add = subject === 'reference' ? 'addReference' : 'add';
  figures[add](`${name}.webrtc.coded_to_decoded.p50`, 'ms', quantile(decodedMs, 0.5));
}

/** The RTP timestamp names the picture whose marks are in the pixels: the share of pictures where both agree. */
async function compareWithPixels(
  rig: ConsoleRig,
  { options, figures }: MeasurementContext,
): Promise<void> {
  for (const subject of ['webrtc', 'websocket', 'reference'] as const) {
    const page = await rig.load(subject);
    await setProbe(page, { readMarks: true });
    await collect(rig, page);
    await WORKLOADS[2]?.run(page, options.seconds);
    const read = (await collect(rig, page)).filter(({ markUs }) => markUs !== null);
    const agree = read.filter(({ picture, markUs }) => picture.timestampUs === markUs);
    const name = `glass_to_glass.marks_agree.${subject}`;
    figures.add(name, '%', read.length === 0 ? 0 : (100 * agree.length) / read.length);
  }
}
