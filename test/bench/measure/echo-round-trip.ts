import { quantile } from '../quantiles.js';
import { ConsoleRig } from '../rig/console-rig.js';
import type { Measurement } from './measurement.js';
import { ORDERS } from './orders.js';

const FRAME_RATE = 60;
const GAP_MS = 15;
const PER_SECOND = 40;

/** Round trips of an echo message that the page sends and the session answers, on each lane, over a still picture. */
export const echoRoundTrip: Measurement = {
  name: 'echo_round_trip',
  measure: async ({ options, figures, note }) => {
    const rig = await ConsoleRig.start(FRAME_RATE);
    try {
      await rig.load('webrtc');
      await rig.appliance.target.bootTo('console');
      for (let run = 0; run < options.runs; run++) {
        for (const subject of ORDERS[run % ORDERS.length] ?? []) {
          const { viewer } = await rig.load(subject);
          const lanes =
            subject === 'websocket'
              ? (['socket'] as const)
              : (['kvm.fast', 'kvm.reliable'] as const);
          for (const lane of lanes) {
            const count = Math.ceil((options.seconds * PER_SECOND) / lanes.length);
            const trips = await viewer.page.evaluate(
              ([name, times, gapMs]) => globalThis.kvmProbe.echo(name, times, gapMs),
              [lane, count, GAP_MS] as const,
            );
            note(`echo_round_trip.${subject}.${lane}: ${trips.length} of ${count}`);
            const name = `echo_round_trip.${lane.replace('kvm.', '')}`;
            for (const [quality, q] of [
              ['p50', 0.5],
              ['p95', 0.95],
              ['p99', 0.99],
            ] as const) {
              const value = quantile(trips, q);
              if (subject === 'reference') figures.addReference(`${name}.${quality}`, 'ms', value);
              else figures.add(`${name}.${quality}`, 'ms', value);
              // The socket has one lane for both: it is compared with the faster one.
              if (subject === 'reference' && lane === 'kvm.fast') {
                figures.addReference(`echo_round_trip.socket.${quality}`, 'ms', value);
              }
            }
          }
        }
      }
    } finally {
      await rig.close();
    }
  },
};
