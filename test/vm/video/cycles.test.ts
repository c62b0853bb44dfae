import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CaptureRig, testEncoder } from './capture-rig.js';
import { resetVivid } from './vivid.js';

const WARM_UP = 50;
/** The whole path to hardware often enough; in software the part before it is the same. */
const CYCLES = { m2m: 1000, software: 250 } as const;
/** What the heaps of Node and of the C library may grow by without any leak. One leaked picture a cycle is over 100 MB. */
const MOST_GROWTH_BYTES = 50_000_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

beforeEach(resetVivid);

/** Resident bytes without the pictures that are garbage: how many of them wait to be collected is a matter of chance. */
async function residentBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    // The memory of a picture is freed after the collection that finds it unused.
    await nextTurn();
  }
  return process.memoryUsage.rss();
}

for (const kind of ['m2m', 'software'] as const) {
  test(`${CYCLES[kind]} times started and stopped, ${kind} encoder: descriptors and memory stay as they were`, async () => {
    const encoder = kind === 'm2m' ? testEncoder() : { kind };
    const run = async (cycles: number) => {
      for (let cycle = 0; cycle < cycles; cycle++) {
        const rig = new CaptureRig({ encoder });
        rig.pipeline.start();
        await rig.untilUnits(1);
        rig.pipeline.close();
      }
      return {
        descriptors: readdirSync('/proc/self/fd').length,
        bytes: await residentBytes(),
      };
    };
    const before = await run(WARM_UP);
    const after = await run(CYCLES[kind]);
    assert.equal(after.descriptors, before.descriptors);
    const growth = after.bytes - before.bytes;
    assert.ok(growth < MOST_GROWTH_BYTES, `${Math.round(growth / 1e6)} MB more`);
  });
}
