import { setTimeout as pause } from 'node:timers/promises';
import type { Figures } from '../figures.js';
import { quantile } from '../quantiles.js';
import { ConsoleRig, type LoadedPage, setProbe, timeKey } from '../rig/console-rig.js';
import type { Subject } from '../rig/subject.js';
import type { Measurement } from './measurement.js';
import { ORDERS } from './orders.js';

const FRAME_RATE = 60;
/** Keys of one second, with pauses that are no multiple of a screen refresh. */
const KEYS_PER_SECOND = 6;
const PAUSES_MS = [67, 101, 73, 127, 89, 113, 79];

/** The stretches of one key's way, in milliseconds. */
interface KeyTimes {
  total: number;
  /** From the key event in the page to its report on the cable. */
  toTarget: number;
  /** From there to the capture of the picture that answers. */
  toCapture: number;
  /** From there to the page that shows it. */
  toShown: number;
}

/** From a key event in the page to the first picture in the page that answers it. */
export const inputToPhoton: Measurement = {
  name: 'input_to_photon',
  measure: async ({ options, figures, note }) => {
    const rig = await ConsoleRig.start(FRAME_RATE);
    try {
      await rig.load('webrtc');
      await rig.appliance.target.bootTo('console');
      const count = Math.ceil(options.seconds * KEYS_PER_SECOND);
      for (let run = 0; run < options.runs; run++) {
        for (const subject of ORDERS[run % ORDERS.length] ?? []) {
          const times = await pressKeys(rig, await rig.load(subject), count);
          note(`input_to_photon.${subject}: ${times.length} keys`);
          addRun(figures, subject, times);
        }
      }
    } finally {
      await rig.close();
    }
  },
};

async function pressKeys(rig: ConsoleRig, page: LoadedPage, count: number): Promise<KeyTimes[]> {
  await setProbe(page, { readPatch: true });
  const { keyboard } = page.viewer.page;
  // The cursor blinks: a picture comes by itself.
  await page.viewer.page.waitForFunction(() => globalThis.kvmProbe.patchKnown);
  const times: KeyTimes[] = [];
  for (let press = 0; press < count; press++) {
    // Both ends of a key are events with a report each.
    for (const act of ['down', 'up'] as const) {
      await pause(PAUSES_MS[(press * 2 + (act === 'up' ? 1 : 0)) % PAUSES_MS.length]);
      const reportsBefore = rig.reportTimesUs.length;
      const sample = await timeKey(page, () => keyboard[act]('x'));
      const reportUs = rig.reportTimesUs[reportsBefore];
      const picture = rig.tap.pictures.get(sample.rtpTimestamp);
      if (reportUs === undefined || !picture) continue;
      const eventUs = page.originUs + sample.eventMs * 1000;
      const shownUs = page.originUs + sample.shownMs * 1000;
      times.push({
        total: (shownUs - eventUs) / 1000,
        toTarget: (reportUs - eventUs) / 1000,
        toCapture: (picture.timestampUs - reportUs) / 1000,
        toShown: (shownUs - picture.timestampUs) / 1000,
      });
    }
  }
  return times;
}

function addRun(figures: Figures, subject: Subject, times: readonly KeyTimes[]): void {
  const total = times.map((time) => time.total);
  const values = {
    p50: quantile(total, 0.5),
    p95: quantile(total, 0.95),
    p99: quantile(total, 0.99),
    'key_to_report.p50': quantile(
      times.map((time) => time.toTarget),
      0.5,
    ),
    'report_to_capture.p50': quantile(
      times.map((time) => time.toCapture),
      0.5,
    ),
    'capture_to_shown.p50': quantile(
      times.map((time) => time.toShown),
      0.5,
    ),
  };
  for (const [quality, value] of Object.entries(values)) {
    figures.addRun(`input_to_photon.720p${FRAME_RATE}`, subject, quality, 'ms', value);
  }
}
