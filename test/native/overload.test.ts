import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { randomNumbers } from './drawing.js';
import { rigFor } from './rig.js';

const WIDTH = 1920;
const HEIGHT = 1080;
const PICTURES = 60;

/**
 * Pictures that may be on their way when one is handed over: 4 in the queue to JavaScript, one that is being coded,
 * one that waits to be taken, and the one just submitted.
 */
const MOST_UNDER_WAY = 7;

/** Noise to cut pictures from: each a little further on, so that every macroblock of it is new and costs all it can. */
function noiseFor(pictures: number): Uint32Array {
  const random = randomNumbers(7);
  const noise = new Uint32Array(WIDTH * HEIGHT + pictures);
  for (let at = 0; at < noise.length; at++) noise[at] = Math.floor(random() * 0x1000000);
  return noise;
}

test('1080p faster than it can be coded: pictures are dropped at the source, what is under way stays bounded, the newest is next', async (t) => {
  const rig = rigFor(t, { width: WIDTH, height: HEIGHT, frameRate: 60, bitrateBps: 100_000_000 });
  const { recorder } = rig;
  const noise = noiseFor(PICTURES);
  const times: number[] = [];
  /** Submitted pictures later than the last one handed over. */
  const underWay = () => {
    const last = recorder.units.at(-1)?.timestampUs ?? 0;
    return times.filter((timestampUs) => timestampUs > last).length;
  };
  rig.pipeline.start();
  let offered = 0;
  let refused = 0;
  let mostUnderWay = 0;
  // The first picture is the producer's from setMode() on.
  for (let held = true; times.length < PICTURES; held = false) {
    offered++;
    if (held || rig.producer.acquire()) {
      rig.canvas.pixels.set(noise.subarray(times.length, times.length + WIDTH * HEIGHT));
      times.push(rig.submit());
    } else {
      refused++;
    }
    mostUnderWay = Math.max(mostUnderWay, underWay());
    // A thousand offers a second; what has been coded is handed over meanwhile.
    await pause(1);
  }
  const handedOver = recorder.units.length;
  const last = times.at(-1);
  const lastAt = () => recorder.units.findIndex((unit) => unit.timestampUs === last);
  await recorder.until('the last picture', () => lastAt() >= 0);
  const { captured, unchanged, coded, dropped, missed } = rig.pipeline.stats();
  rig.close();

  assert.ok(mostUnderWay <= MOST_UNDER_WAY, `${mostUnderWay} pictures under way`);
  assert.ok(lastAt() - handedOver < MOST_UNDER_WAY, 'nothing older is worked off first');
  assert.ok(refused > 0, 'it was faster than the encoder');
  assert.deepEqual(
    { captured, unchanged, coded, dropped, missed },
    {
      captured: offered - refused,
      unchanged: 0,
      coded: recorder.unit(-1).number,
      dropped: 0,
      missed: 0,
    },
  );
  // No picture twice, none out of order.
  const shown = recorder.units.map((unit) => unit.timestampUs);
  assert.deepEqual(
    shown,
    [...new Set(shown)].sort((a, b) => a - b),
  );
});
