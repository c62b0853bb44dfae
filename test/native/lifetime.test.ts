import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { createFrameBuffer, createPipeline, openFrameBuffer } from '../../native/index.js';
import { drawDesktop } from './drawing.js';
import type { ProducerTask } from './producer-worker.js';
import { Recorder } from './recorder.js';
import { Rig, rigFor } from './rig.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const openDescriptors = (): number => readdirSync('/proc/self/fd').length;
const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Collects and lets finalizers run, which Node puts off to later turns of the event loop. */
async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    collectGarbage();
    await turnOfLoop();
  }
}

function produceInWorker(task: ProducerTask): Worker {
  return new Worker(new URL('./producer-worker.js', import.meta.url), { workerData: task });
}

for (const way of [
  'exit while running',
  'exit while a picture is coded',
  'exit from the listener',
  'close and let the loop end',
  'throw in the listener',
]) {
  test(`a process may ${way}`, async () => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./exit-process.js', import.meta.url)), way],
      { stdio: 'inherit' },
    );
    const [code, signal] = await once(child, 'exit');
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
  });
}

test('a producer in a worker: its pictures arrive; terminated with the pixels in hand it harms nothing', async () => {
  const buffer = createFrameBuffer();
  const recorder = new Recorder();
  const pipeline = createPipeline(
    { source: buffer, encoder: { kind: 'software' }, bitrateBps: 2_000_000, frameRate: 60 },
    recorder,
  );
  pipeline.start();
  for (let round = 0; round < 3; round++) {
    const count = recorder.units.length;
    const captured = pipeline.stats().captured;
    const worker = produceInWorker({ handle: buffer.handle, width: 320, height: 240, pictures: 5 });
    await once(worker, 'message');
    assert.throws(() => openFrameBuffer(buffer.handle), { code: 'EBUSY' });
    await worker.terminate();
    assert.equal(pipeline.stats().captured, captured + 5);
    // The pipeline lives on with the last picture, and the place of the producer is free again.
    await recorder.untilUnits(count + 3);
  }
  assert.deepEqual(recorder.failures, []);
  pipeline.requestKeyframe();
  const count = recorder.units.length;
  await recorder.untilUnits(count + 1);
  pipeline.close();
  buffer.close();
});

test('a pipeline in a worker ends with its worker', async () => {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData).then(({ Rig }) => {
      const rig = new Rig();
      rig.pipeline.start();
      rig.submit();
      rig.recorder.untilUnits(2).then(() => parentPort.postMessage('running'));
    });`;
  const rigModule = new URL('./rig.js', import.meta.url).href;
  const before = openDescriptors();
  for (let round = 0; round < 3; round++) {
    const worker = new Worker(source, { eval: true, workerData: rigModule });
    const [message] = await once(worker, 'message');
    assert.equal(message, 'running');
    await worker.terminate();
  }
  assert.equal(openDescriptors(), before);
});

test('frame buffer, producer and pipeline may be closed in any order while a picture is under way', async (t) => {
  const orders = [
    ['pipeline', 'producer', 'buffer'],
    ['pipeline', 'buffer', 'producer'],
    ['producer', 'pipeline', 'buffer'],
    ['producer', 'buffer', 'pipeline'],
    ['buffer', 'pipeline', 'producer'],
    ['buffer', 'producer', 'pipeline'],
  ] as const;
  for (const order of orders) {
    const rig = rigFor(t, { width: 1280, height: 720 });
    rig.pipeline.start();
    rig.submit();
    for (const name of order) rig[name].close();
    await turnOfLoop();
    assert.equal(rig.pipeline.state, 'closed');
  }
});

test('objects that nobody closed are collected, a running pipeline is not', async () => {
  const before = openDescriptors();
  for (let i = 0; i < 20; i++) {
    const rig = new Rig({ width: 64, height: 48 });
    rig.submit();
  }
  const recorder = new Recorder();
  const start = () => {
    const rig = new Rig({ width: 64, height: 48 });
    const pipeline = createPipeline(
      { source: rig.buffer, encoder: { kind: 'software' }, bitrateBps: 1_000_000, frameRate: 30 },
      recorder,
    );
    pipeline.start();
    rig.submit();
    return { pipeline, collected: new WeakRef(rig) };
  };
  const { pipeline, collected } = start();
  await settle();
  assert.equal(collected.deref(), undefined);
  // Its frame buffer's owner is out of reach too, and kept by the pipeline.
  await recorder.untilUnits(3);
  pipeline.close();
  await settle();
  assert.equal(openDescriptors(), before);
});

test('200 starts and stops leave memory and descriptors as they were', async () => {
  const cycle = async (): Promise<void> => {
    const rig = new Rig({ width: 640, height: 480 });
    drawDesktop(rig.canvas);
    rig.pipeline.start();
    rig.submit();
    await rig.recorder.untilUnits(1);
    rig.close();
  };
  for (let warmUp = 0; warmUp < 40; warmUp++) await cycle();
  await settle();
  const descriptors = openDescriptors();
  // The allocator and the collector move the resident size by megabytes at times; a leak grows it in every round. One
  // leaked picture a cycle would be 120 MB or more a round, one access unit a cycle about 5 MB.
  const grownBytes: number[] = [];
  for (let round = 0; round < 3; round++) {
    const residentBytes = process.memoryUsage.rss();
    for (let count = 0; count < 200; count++) await cycle();
    await settle();
    grownBytes.push(process.memoryUsage.rss() - residentBytes);
  }
  assert.equal(openDescriptors(), descriptors);
  assert.ok(Math.min(...grownBytes) < 4e6, `bytes more after each 200 cycles: ${grownBytes}`);
});

test('two pipelines at once do not disturb each other', async (t) => {
  const [first, second] = [
    rigFor(t, { width: 320, height: 240 }),
    rigFor(t, { width: 640, height: 480 }),
  ];
  for (const rig of [first, second]) {
    rig.pipeline.start();
    rig.submit();
  }
  await first.recorder.untilUnits(3);
  await second.recorder.untilUnits(3);
  first.close();
  const count = second.recorder.units.length;
  await second.show((canvas) => drawDesktop(canvas));
  await second.recorder.untilUnits(count + 1);
  assert.ok(first.recorder.units.every((unit) => unit.width === 320));
  assert.ok(second.recorder.units.every((unit) => unit.width === 640));
  assert.equal(second.pipeline.state, 'running');
  second.close();
});
