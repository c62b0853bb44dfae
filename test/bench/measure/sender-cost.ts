import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from '../quantiles.js';
import { Child } from '../rig/child.js';
import type { ApplianceReady } from '../rig/child-messages.js';
import { bitrateOf, writePictures } from '../rig/picture-file.js';
import { Receivers } from '../rig/receivers.js';
import { recordPictures } from '../rig/record-pictures.js';
import type { Measurement, MeasurementContext } from './measurement.js';
import { load } from './streaming-cost.js';

const VIEWERS = 8;
const SETTLE_MS = 2000;
/** How long the controller asks for echoes while one more viewer comes and goes. */
const JOIN_WINDOW_MS = 700;
const JOINS = 5;
const MOST_RUNS = 2;

type Carrier = 'webrtc' | 'reference';

/**
 * What sending costs at about 9 Mbit/s a viewer: CPU per packet with 1 and with 8 viewers, and how long the input of the one who controls
 * takes there and back, over pictures of which every second is a keyframe, while another viewer joins. Reference: libdatachannel.
 */
export const senderCost: Measurement = {
  name: 'sender',
  measure: async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'mykvm-bench-'));
    try {
      const pictures = await recordPictures({
        stage: 'desktop',
        bitrateBps: 9_000_000,
        frameRate: 30,
        seconds: 3,
        keyframeEvery: 2,
      });
      const path = join(folder, 'pictures');
      await writePictures(path, pictures);
      context.note(`sender: ${(bitrateOf(pictures) / 1e6).toFixed(2)} Mbit/s a viewer`);
      for (let run = 0; run < Math.min(context.options.runs, MOST_RUNS); run++) {
        const order: Carrier[] = run % 2 === 0 ? ['webrtc', 'reference'] : ['reference', 'webrtc'];
        for (const carrier of order) await measureProcess(path, folder, carrier, context);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measureProcess(
  path: string,
  folder: string,
  carrier: Carrier,
  { options, figures, note }: MeasurementContext,
): Promise<void> {
  const add = (name: string, unit: string, value: number) => {
    if (carrier === 'reference') figures.addReference(`sender.${name}`, unit, value);
    else figures.add(`sender.${name}`, unit, value);
    note(`sender.${name}.${carrier}: ${value.toFixed(1)} ${unit}`);
  };
  const stateDir = await mkdtemp(join(folder, 'state-'));
  const appliance = Child.fork('file-appliance-process.js', [path, stateDir, carrier]);
  // In processes of their own: the echoes of the one must not wait for the pictures of the others.
  const controller = new Receivers();
  const others = new Receivers();
  const addDelays = (when: string, tripsMs: readonly number[]) => {
    add(`input_delay.${when}.p50.8_viewer`, 'ms', quantile(tripsMs, 0.5));
    add(`input_delay.${when}.p99.8_viewer`, 'ms', quantile(tripsMs, 0.99));
  };
  try {
    const ready = (await appliance.message()) as ApplianceReady;
    await controller.signIn(ready);
    await others.signIn({ ...ready, claimCode: '' });
    await pause(SETTLE_MS);
    const idle = await load(appliance, controller, options.seconds);
    const addCost = (name: string, busy: { cpu: number }, packetsPerS: number) => {
      add(`cpu_per_packet.${name}`, 'µs', ((busy.cpu - idle.cpu) / packetsPerS) * 1e6);
    };
    await controller.join();
    await pause(SETTLE_MS);
    const one = await load(appliance, controller, options.seconds);
    addCost('1_viewer', one, one.packetsPerS);
    for (let viewer = 1; viewer < VIEWERS; viewer++) await others.join();
    await pause(SETTLE_MS);
    const eight = await load(appliance, others, options.seconds);
    addCost('8_viewer', eight, (eight.packetsPerS * VIEWERS) / (VIEWERS - 1));
    addDelays('steady', await controller.echo(options.seconds * 1000));
    const trips: number[] = [];
    for (let join = 0; join < JOINS; join++) {
      const [echoed] = await Promise.all([controller.echo(JOIN_WINDOW_MS), others.join()]);
      trips.push(...echoed);
      await others.leaveLast();
    }
    addDelays('joining', trips);
  } finally {
    await controller.close();
    await others.close();
    await appliance.close();
  }
}
