import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  createFrameBuffer,
  createPipeline,
  openFrameBuffer,
  type Pipeline,
  type PipelineOptions,
  type PipelineState,
} from '../../native/index.js';
import { Recorder } from './recorder.js';
import { type Rig, rigFor } from './rig.js';

const CALLS: Record<string, (pipeline: Pipeline) => unknown> = {
  state: (pipeline) => pipeline.state,
  start: (pipeline) => pipeline.start(),
  requestKeyframe: (pipeline) => pipeline.requestKeyframe(),
  setBitrate: (pipeline) => pipeline.setBitrate(500_000),
  setFrameRate: (pipeline) => pipeline.setFrameRate(25),
  stats: (pipeline) => typeof pipeline.stats(),
  close: (pipeline) => pipeline.close(),
};

const STATE_ERROR = { code: 'ERR_PIPELINE_STATE' };
const CLOSED_ERROR = { code: 'ERR_PIPELINE_CLOSED' };

// What each call gives, or the error that it throws.
const MATRIX: Record<PipelineState, Record<string, unknown>> = {
  new: {
    state: 'new',
    start: undefined,
    requestKeyframe: undefined,
    setBitrate: undefined,
    setFrameRate: undefined,
    stats: 'object',
    close: undefined,
  },
  running: {
    state: 'running',
    start: STATE_ERROR,
    requestKeyframe: undefined,
    setBitrate: undefined,
    setFrameRate: undefined,
    stats: 'object',
    close: undefined,
  },
  failed: {
    state: 'failed',
    start: STATE_ERROR,
    requestKeyframe: undefined,
    setBitrate: undefined,
    setFrameRate: undefined,
    stats: 'object',
    close: undefined,
  },
  closed: {
    state: 'closed',
    start: CLOSED_ERROR,
    requestKeyframe: CLOSED_ERROR,
    setBitrate: CLOSED_ERROR,
    setFrameRate: CLOSED_ERROR,
    stats: CLOSED_ERROR,
    close: undefined,
  },
};

async function rigIn(t: TestContext, state: PipelineState): Promise<Rig> {
  const rig = rigFor(t);
  if (state === 'running' || state === 'failed') {
    rig.pipeline.start();
    rig.submit();
    await rig.recorder.untilUnits(1);
  }
  if (state === 'failed') {
    rig.buffer.close();
    await rig.recorder.until('a failure', () => rig.recorder.failures.length > 0);
  }
  if (state === 'closed') rig.pipeline.close();
  return rig;
}

for (const [state, row] of Object.entries(MATRIX)) {
  for (const [name, expected] of Object.entries(row)) {
    test(`pipeline ${state}: ${name} gives ${JSON.stringify(expected) ?? 'nothing'}`, async (t) => {
      const rig = await rigIn(t, state as PipelineState);
      const call = CALLS[name];
      assert.ok(call);
      if (expected instanceof Object) assert.throws(() => call(rig.pipeline), expected);
      else assert.equal(call(rig.pipeline), expected);
      rig.close();
      assert.equal(rig.pipeline.state, 'closed');
    });
  }
}

test('closing the frame buffer fails the pipeline once, after what was coded, and keeps the counts', async (t) => {
  const rig = await rigIn(t, 'failed');
  assert.equal(rig.recorder.failures.length, 1);
  assert.equal(rig.recorder.failures[0]?.code, 'ERR_FRAME_BUFFER_CLOSED');
  assert.ok(rig.recorder.failures[0] instanceof Error);
  assert.equal(rig.pipeline.stats().captured, 1);
  assert.equal(rig.pipeline.stats().coded, rig.recorder.units.length);
  rig.close();
});

test('the listener may close the pipeline from within; nothing is delivered afterwards', async (t) => {
  const rig = rigFor(t);
  const after: string[] = [];
  let pipeline: Pipeline | undefined;
  await new Promise<void>((resolve) => {
    pipeline = createPipeline(
      { source: rig.buffer, encoder: { kind: 'software' }, bitrateBps: 1_000_000, frameRate: 60 },
      {
        accessUnit() {
          after.push('unit');
          pipeline?.close();
          resolve();
        },
        failed: () => after.push('failed'),
      },
    );
    pipeline.start();
    rig.submit();
  });
  // Whatever the thread still had under way would arrive in these turns of the event loop.
  rig.buffer.close();
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(after, ['unit']);
  assert.equal(pipeline?.state, 'closed');
  rig.close();
});

test('a frame buffer has one reader at a time; after close() another one starts with its last picture', async (t) => {
  const rig = rigFor(t);
  rig.pipeline.start();
  rig.submit();
  await rig.recorder.untilUnits(1);
  const options: PipelineOptions = {
    source: rig.buffer,
    encoder: { kind: 'software' },
    bitrateBps: 1_000_000,
    frameRate: 30,
  };
  const recorder = new Recorder();
  const second = createPipeline(options, recorder);
  assert.throws(() => second.start(), { code: 'EBUSY' });
  assert.equal(second.state, 'new');
  rig.pipeline.close();
  second.start();
  await recorder.untilUnits(1);
  assert.equal(recorder.unit(0).keyframe, true);
  assert.ok(recorder.unit(0).timestampUs > rig.recorder.unit(-1).timestampUs);
  second.close();
  rig.close();
});

test('wrong options and listeners are refused, naming the option', () => {
  const buffer = createFrameBuffer();
  const good: PipelineOptions = {
    source: buffer,
    encoder: { kind: 'software' },
    bitrateBps: 1_000_000,
    frameRate: 30,
  };
  const listener = new Recorder();
  const wrong: [unknown, unknown, string, RegExp][] = [
    [undefined, listener, 'TypeError', /options/],
    [{ ...good, source: undefined }, listener, 'TypeError', /options\.source/],
    [{ ...good, source: { kind: 'camera' } }, listener, 'TypeError', /options\.source\.kind/],
    [
      { ...good, source: { kind: 'frame-buffer' } },
      listener,
      'TypeError',
      /options\.source\.handle/,
    ],
    [{ ...good, encoder: { kind: 'x264' } }, listener, 'TypeError', /options\.encoder\.kind/],
    [{ ...good, bitrateBps: '1M' }, listener, 'TypeError', /options\.bitrateBps/],
    [{ ...good, bitrateBps: 1 }, listener, 'RangeError', /options\.bitrateBps.*but is 1$/],
    [{ ...good, frameRate: 0 }, listener, 'RangeError', /options\.frameRate.*but is 0$/],
    [{ ...good, frameRate: Number.NaN }, listener, 'RangeError', /options\.frameRate.*NaN/],
    [good, undefined, 'TypeError', /listener/],
    [good, { accessUnit() {} }, 'TypeError', /listener\.failed/],
  ];
  for (const [options, to, name, message] of wrong) {
    assert.throws(() => createPipeline(options as PipelineOptions, to as Recorder), {
      name,
      message,
    });
  }
  assert.throws(
    () => createPipeline({ ...good, source: { kind: 'frame-buffer', handle: 4e9 } }, listener),
    { code: 'ENOENT' },
  );
  const pipeline = createPipeline(good, listener);
  assert.throws(() => pipeline.setBitrate(-5), { name: 'RangeError', message: /bitrateBps.*-5/ });
  assert.throws(() => pipeline.setFrameRate(1000), { name: 'RangeError', message: /frameRate/ });
  pipeline.close();
  buffer.close();
});

test('the state getter refuses objects of another kind', (t) => {
  const buffer = createFrameBuffer();
  const producer = openFrameBuffer(buffer.handle);
  const rig = rigFor(t);
  const getter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(rig.pipeline), 'state')?.get;
  assert.ok(getter);
  for (const receiver of [producer, buffer, {}, 1]) {
    assert.throws(() => Reflect.apply(getter, receiver, []), TypeError);
  }
  assert.equal(Reflect.apply(getter, rig.pipeline, []), 'new');
  rig.close();
  producer.close();
  buffer.close();
});
