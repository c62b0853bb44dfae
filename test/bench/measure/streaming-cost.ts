import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Figures } from '../figures.js';
import { Child } from '../rig/child.js';
import type { ApplianceReady } from '../rig/child-messages.js';
import { bitrateOf, writePictures } from '../rig/picture-file.js';
import { Receivers } from '../rig/receivers.js';
import { type Recording, recordPictures } from '../rig/record-pictures.js';
import type { Measurement, MeasurementContext } from './measurement.js';

/** What is played, by the names in the figures. */
const STREAMS: Readonly<Record<string, Recording>> = {
  '1mbit': { stage: 'desktop', bitrateBps: 1_000_000, frameRate: 30, seconds: 3 },
  '9mbit': { stage: 'desktop', bitrateBps: 9_000_000, frameRate: 30, seconds: 3, keyframeEvery: 2 },
};
const VIEWERS = [1, 2];
/** CPU time is counted, not timed: it varies less than what is timed. */
const MOST_RUNS = 2;
/** A process that has just started is still compiling and growing. */
const SETTLE_MS = 3000;

type Carrier = 'webrtc' | 'reference';

/**
 * CPU and memory of an appliance in a process of its own that is fed from recorded pictures, with 0, 1 and 2 viewers that
 * do not decode. The reference is the same appliance with libdatachannel in the place of werift.
 */
export const streamingCost: Measurement = {
  name: 'streaming',
  measure: async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'mykvm-bench-'));
    try {
      const { quick, runs } = context.options;
      const streams = Object.entries(STREAMS);
      for (const [stream, recording] of quick ? streams.slice(1) : streams) {
        const pictures = await recordPictures(recording);
        const path = join(folder, stream);
        await writePictures(path, pictures);
        context.note(`streaming.${stream}: ${(bitrateOf(pictures) / 1e6).toFixed(2)} Mbit/s`);
        for (let run = 0; run < Math.min(runs, MOST_RUNS); run++) {
          const order: Carrier[] =
            run % 2 === 0 ? ['webrtc', 'reference'] : ['reference', 'webrtc'];
          for (const carrier of order) await measureProcess(path, folder, stream, carrier, context);
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measureProcess(
  path: string,
  folder: string,
  stream: string,
  carrier: Carrier,
  { options, figures, note }: MeasurementContext,
): Promise<void> {
  const stateDir = await mkdtemp(join(folder, 'state-'));
  const appliance = Child.fork('file-appliance-process.js', [path, stateDir, carrier]);
  const receivers = new Receivers();
  const add = adder(figures, carrier);
  try {
    await receivers.signIn((await appliance.message()) as ApplianceReady);
    await pause(SETTLE_MS);
    const idle = await load(appliance, receivers, options.seconds);
    const withNobody = await appliance.memoryMb();
    add(`memory.${stream}.0_viewers.rss`, 'MB', withNobody.rss);
    for (const viewers of VIEWERS) {
      await receivers.join();
      await pause(SETTLE_MS);
      const busy = await load(appliance, receivers, options.seconds);
      const { rss, pss } = await appliance.memoryMb();
      const name = `${stream}.${viewers}_viewers`;
      note(`streaming.${name}.${carrier}: ${Math.round(busy.packetsPerS)} packets/s`);
      add(`cpu.${name}`, 's per min', busy.cpu * 60);
      add(`cpu_per_packet.${name}`, 'µs', ((busy.cpu - idle.cpu) / busy.packetsPerS) * 1e6);
      add(`memory.${name}.rss`, 'MB', rss);
      add(`memory.${name}.pss`, 'MB', pss);
    }
  } finally {
    await receivers.close();
    await appliance.close();
  }
}

function adder(figures: Figures, carrier: Carrier) {
  return (name: string, unit: string, value: number): void => {
    if (carrier === 'reference') figures.addReference(name, unit, value);
    else figures.add(name, unit, value);
  };
}

/** CPU seconds and received packets per second over a while. */
export async function load(
  appliance: Child,
  receivers: Receivers,
  seconds: number,
): Promise<{ cpu: number; packetsPerS: number }> {
  const startMs = performance.now();
  const [cpuBefore, before] = [await appliance.cpuSeconds(), await receivers.count()];
  await pause(seconds * 1000);
  const [cpuAfter, after] = [await appliance.cpuSeconds(), await receivers.count()];
  const passedS = (performance.now() - startMs) / 1000;
  return {
    cpu: (cpuAfter - cpuBefore) / passedS,
    packetsPerS: (after.packets - before.packets) / passedS,
  };
}
