import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import {
  createFrameBuffer,
  createPipeline,
  type NativeAccessUnit,
} from '../../../../native/index.js';
import { silentLogger } from '../../../../server/logger.js';
import {
  createSimulatedTarget,
  SimulatedTarget,
} from '../../../../server/target/simulated/simulated-target.js';
import { keys, LETTER_A, RELEASED } from './pc-bench.js';

const DEADLINE_MS = 15_000;

let open: SimulatedTarget[] = [];

async function createTarget(recordLog = true): Promise<SimulatedTarget> {
  const target = await createSimulatedTarget({
    seed: 1,
    testMarks: false,
    recordLog,
    logger: silentLogger,
  });
  open.push(target);
  return target;
}

afterEach(async () => {
  await Promise.all(open.map((target) => target.close()));
  open = [];
});

/** Resolves when `start` calls its argument; fails after the deadline. */
function event<T>(what: string, start: (done: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${what}`)), DEADLINE_MS);
    start((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

const ignore = { writable: () => {}, ledReport: () => {}, stateChanged: () => {} };

describe('SimulatedTarget', () => {
  it('boots by itself and tells its signal and its bus', async () => {
    const target = await createTarget(false);
    if (target.hid.state !== 'configured') {
      await event<void>('bus', (done) =>
        target.hid.listen({
          ...ignore,
          stateChanged: (state) => state === 'configured' && done(),
        }),
      );
    }
    if (target.signal.state !== 'ok') {
      await event<void>('signal', (done) =>
        target.onSignal(({ state }) => state === 'ok' && done()),
      );
    }
    // On a busy machine the boot may already be past POST.
    assert.match(`${target.signal.width}x${target.signal.height}`, /^(720x400|640x480|1280x720)$/);
    assert.equal(target.signal.frameRate, 60);
  });

  it('carries reports to the PC, says again beyond two in flight, then writable', async () => {
    const target = await createTarget();
    await target.bootTo('console');
    const writable = event<string>('writable', (done) =>
      target.hid.listen({ ...ignore, writable: done }),
    );
    const results = [keys(0, LETTER_A), RELEASED, keys(0, LETTER_A)].map((report) =>
      target.hid.write('keyboard', report),
    );
    assert.deepEqual(results, ['written', 'written', 'again']);
    assert.equal(await writable, 'keyboard');
    assert.equal(target.hid.write('keyboard', keys(2, LETTER_A)), 'written');
    assert.equal(await target.typedText(), 'aA');
    assert.deepEqual(
      (await target.log()).map(({ fn, hex }) => `${fn} ${hex}`),
      ['keyboard 0000040000000000', 'keyboard 0000000000000000', 'keyboard 0200040000000000'],
    );
    assert.match(await target.screenText(), /\$ aA$/);
  });

  it('sends LED reports back', async () => {
    const target = await createTarget();
    await target.bootTo('console');
    const lit = event<number>('LED report', (done) =>
      target.hid.listen({ ...ignore, ledReport: (bits) => bits !== 0 && done(bits) }),
    );
    target.hid.write('keyboard', keys(0, 0x39));
    assert.equal(await lit, 2);
  });

  it('hands pictures to a pipeline when watched: a typed key makes a new access unit', async () => {
    const target = await createTarget();
    await target.bootTo('console');
    let heard: (unit: NativeAccessUnit) => void = () => {};
    const pipeline = createPipeline(
      { source: target.videoSource, encoder: { kind: 'software' }, bitrateBps: 1e6, frameRate: 60 },
      { accessUnit: (unit) => heard(unit), failed: (error) => assert.fail(error) },
    );
    try {
      pipeline.start();
      const first = event<NativeAccessUnit>('first picture', (done) => {
        heard = done;
      });
      target.setWatched(true);
      const { width, height, keyframe } = await first;
      assert.deepEqual([width, height, keyframe], [1280, 720, true]);
      const framesBefore = await target.frames();
      const next = event<void>('picture of the key', (done) => {
        heard = () => {
          void target.frames().then((frames) => frames > framesBefore && done());
        };
      });
      target.hid.write('keyboard', keys(0, LETTER_A));
      await next;
      assert.match(await target.screenText(), /\$ a$/);
    } finally {
      pipeline.close();
    }
  });

  it('keeps nothing and obeys nobody without recordLog', async () => {
    const target = await createTarget(false);
    await assert.rejects(target.log(), /recordLog/);
    await assert.rejects(target.typedText(), /recordLog/);
    await assert.rejects(target.screenText(), /recordLog/);
    await assert.rejects(target.bootTo('console'), /recordLog/);
  });

  it('reports a worker that failed as no device and an unbound bus, and still closes', async () => {
    const errors: string[] = [];
    const options = {
      seed: 1,
      testMarks: false,
      recordLog: true,
      logger: { ...silentLogger, error: (_: object, message: string) => errors.push(message) },
    };
    const worker = new Worker('throw new Error("broken")', { eval: true });
    const target = new SimulatedTarget(worker, createFrameBuffer(), options);
    open.push(target);
    await event<void>('failure', (done) =>
      target.onSignal(({ state }) => state === 'no-device' && done()),
    );
    assert.equal(target.hid.state, 'unbound');
    assert.equal(target.hid.write('keyboard', RELEASED), 'gone');
    assert.deepEqual(errors, ['the simulated target failed']);
    await target.close();
  });

  it('closes once, settles open questions, and says gone afterwards', async () => {
    const target = await createTarget();
    const question = assert.rejects(target.bootTo('desktop'));
    const closing = target.close();
    assert.equal(target.close(), closing);
    await closing;
    await question;
    await assert.rejects(target.log(), /closed/);
    assert.equal(target.hid.write('keyboard', RELEASED), 'gone');
    target.setWatched(true);
  });
});
