import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  NativeAccessUnit,
  NativeSignal,
  Pipeline,
  PipelineListener,
  Quantizers,
} from '../../../native/index.js';
import { silentLogger } from '../../../server/logger.js';
import type { AccessUnit } from '../../../server/protocol/access-unit.js';
import { GRACE_MS, RESTART_MS, VideoSupervisor } from '../../../server/video/video-supervisor.js';
import { FakeTimers } from '../../fakes/fake-timers.js';

/** A pipeline that codes what the test says. */
class FakePipeline implements Pipeline {
  state: Pipeline['state'] = 'new';
  keyframeRequests = 0;
  bitrateBps = 0;
  quantizers: Quantizers | null = null;
  #number = 0;
  readonly #listener: PipelineListener;

  constructor(listener: PipelineListener) {
    this.#listener = listener;
  }

  start(): void {
    this.state = 'running';
  }

  requestKeyframe(): void {
    this.keyframeRequests += 1;
  }

  setBitrate(bitrateBps: number): void {
    this.bitrateBps = bitrateBps;
  }

  setFrameRate(): void {}

  setQuantizers(quantizers: Quantizers): void {
    this.quantizers = quantizers;
  }

  stats() {
    const none = { captured: 0, unchanged: 0, dropped: 0, damaged: 0, missed: 0, copied: 0 };
    const noTime = { meanUs: 0, mostUs: 0 };
    const times = { capture: noTime, wait: noTime, encode: noTime, handOver: noTime };
    return { ...none, coded: this.#number, stages: { pictures: this.#number, ...times } };
  }

  close(): void {
    this.state = 'closed';
  }

  code(keyframe: boolean): void {
    this.#number += 1;
    const unit: NativeAccessUnit = {
      data: Buffer.alloc(100),
      keyframe,
      timestampUs: this.#number * 1000,
      takenUs: this.#number * 1000,
      codedUs: this.#number * 1000 + 1,
      number: this.#number,
      width: 640,
      height: 480,
      encodeUs: 1,
    };
    this.#listener.accessUnit(unit);
  }

  tell(state: NativeSignal['state']): void {
    this.#listener.signal?.({ state, width: 0, height: 0, frameRate: 0 });
  }

  notice(sentence: string): void {
    this.#listener.notice?.(sentence);
  }

  fail(reason = 'the encoder died'): void {
    this.state = 'failed';
    this.#listener.failed(new Error(reason));
  }
}

function setUp() {
  const timers = new FakeTimers();
  const pipelines: FakePipeline[] = [];
  const watched: boolean[] = [];
  const signals: string[] = [];
  const logged: string[] = [];
  const errors: string[] = [];
  let changes = 0;
  const supervisor = new VideoSupervisor({
    createPipeline: (listener) => {
      const pipeline = new FakePipeline(listener);
      pipelines.push(pipeline);
      return pipeline;
    },
    setWatched: (on) => watched.push(on),
    changed: () => {
      changes += 1;
    },
    signal: (signal) => signals.push(signal.state),
    timers,
    logger: {
      ...silentLogger,
      info: (_: object, text: string) => void logged.push(text),
      error: (context: object) =>
        void errors.push(String((context as { err?: Error }).err?.message)),
    },
  });
  const viewer = () => {
    const units: AccessUnit[] = [];
    return { units, consumer: { accessUnit: (unit: AccessUnit) => void units.push(unit) } };
  };
  const latest = () => pipelines.at(-1) as FakePipeline;
  const all = { timers, pipelines, watched, supervisor, viewer, latest, signals, logged, errors };
  return { ...all, changes: () => changes };
}

test('nobody watching: no pipeline; it stops a grace time after the last viewer', () => {
  const { supervisor, pipelines, timers, watched, viewer } = setUp();
  assert.equal(pipelines.length, 0);
  const leave = supervisor.subscribe(viewer().consumer);
  assert.equal(pipelines.length, 1);
  leave();
  leave();
  timers.advance(GRACE_MS - 1);
  assert.equal(supervisor.running, true);
  timers.advance(1);
  assert.equal(supervisor.running, false);
  assert.equal(pipelines[0]?.state, 'closed');
  assert.deepEqual(watched, [true, false]);
});

test('what needs the device for itself gets it; viewers go on with a keyframe and growing numbers', () => {
  const { supervisor, pipelines, viewer, latest } = setUp();
  const watching = viewer();
  supervisor.subscribe(watching.consumer);
  latest().code(true);
  const states: string[] = [];
  supervisor.interrupt(() => states.push(latest().state));
  assert.deepEqual(states, ['closed']);
  assert.equal(pipelines.length, 2);
  latest().code(false);
  latest().code(true);
  assert.deepEqual(
    watching.units.map(({ number, keyframe }) => [number, keyframe]),
    [
      [1, true],
      [3, true],
    ],
  );
});

test('an interruption without a pipeline starts none, one that throws leaves viewers their pipeline', () => {
  const { supervisor, pipelines, viewer } = setUp();
  supervisor.interrupt(() => {});
  assert.equal(pipelines.length, 0);
  supervisor.subscribe(viewer().consumer);
  const thrown = () => {
    throw new Error('no');
  };
  assert.throws(() => supervisor.interrupt(thrown), /no/);
  assert.equal(supervisor.running, true);
});

test('a viewer that comes back within the grace time keeps the pipeline', () => {
  const { supervisor, pipelines, timers, viewer } = setUp();
  supervisor.subscribe(viewer().consumer)();
  timers.advance(GRACE_MS - 1);
  supervisor.subscribe(viewer().consumer);
  timers.advance(GRACE_MS * 2);
  assert.equal(pipelines.length, 1);
  assert.equal(supervisor.running, true);
});

test('each viewer begins with a keyframe', () => {
  const { supervisor, timers, viewer, latest } = setUp();
  const first = viewer();
  supervisor.subscribe(first.consumer);
  latest().code(false);
  latest().code(true);
  latest().code(false);
  assert.deepEqual(
    first.units.map((unit) => unit.keyframe),
    [true, false],
  );
  timers.advance(1000);
  const second = viewer();
  supervisor.subscribe(second.consumer);
  assert.equal(latest().keyframeRequests, 1);
  latest().code(false);
  assert.equal(second.units.length, 0);
  latest().code(true);
  assert.equal(second.units[0]?.keyframe, true);
});

test('a joiner just after a keyframe starts from the stored one and forces none', () => {
  const { supervisor, timers, viewer, latest } = setUp();
  supervisor.subscribe(viewer().consumer);
  latest().code(true);
  timers.advance(100);
  latest().code(false);
  timers.advance(100);
  const joiner = viewer();
  supervisor.subscribe(joiner.consumer);
  latest().code(false);
  assert.deepEqual(
    joiner.units.map((unit) => unit.number),
    [1, 2, 3],
  );
  assert.equal(latest().keyframeRequests, 0);
});

test('keyframe requests are merged to one in 300 ms and none is forgotten', () => {
  const { supervisor, timers, viewer, latest } = setUp();
  supervisor.subscribe(viewer().consumer);
  latest().code(true);
  for (let request = 0; request < 10; request++) supervisor.requestKeyframe();
  assert.equal(latest().keyframeRequests, 0);
  timers.advance(300);
  assert.equal(latest().keyframeRequests, 1);
});

test('a keyframe for another reason answers a waiting request', () => {
  const { supervisor, timers, viewer, latest } = setUp();
  supervisor.subscribe(viewer().consumer);
  latest().code(true);
  timers.advance(100);
  supervisor.requestKeyframe();
  timers.advance(100);
  latest().code(true);
  timers.advance(1000);
  assert.equal(latest().keyframeRequests, 0);
});

test('a failed pipeline is restarted with back-off; viewers get a keyframe and growing numbers', () => {
  const { supervisor, pipelines, timers, viewer, latest, changes } = setUp();
  const watching = viewer();
  supervisor.subscribe(watching.consumer);
  latest().code(true);
  latest().code(false);
  latest().fail();
  assert.equal(supervisor.status.failed, true);
  assert.equal(changes(), 1);
  timers.advance(RESTART_MS.first - 1);
  assert.equal(pipelines.length, 1);
  timers.advance(1);
  assert.equal(pipelines.length, 2);
  latest().fail();
  timers.advance(RESTART_MS.first * 2 - 1);
  assert.equal(pipelines.length, 2);
  timers.advance(1);
  latest().code(false);
  latest().code(true);
  assert.equal(supervisor.status.failed, false);
  assert.deepEqual(
    watching.units.map((unit) => [unit.number, unit.keyframe]),
    [
      [1, true],
      [2, false],
      [4, true],
    ],
  );
});

test('a pipeline that fails soon after each start is tried less and less often; one that ran for long starts over', () => {
  const { supervisor, pipelines, timers, viewer, latest } = setUp();
  supervisor.subscribe(viewer().consumer);
  const delays: number[] = [];
  const failAndWait = () => {
    const before = pipelines.length;
    const failedMs = timers.now();
    latest().code(true);
    latest().fail();
    while (pipelines.length === before) timers.advance(RESTART_MS.first);
    delays.push(timers.now() - failedMs);
  };
  for (let failures = 0; failures < 6; failures++) failAndWait();
  timers.advance(RESTART_MS.last);
  failAndWait();
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 5000, 5000, 500]);
});

test('each reason of a failure is logged once in a row, also while it goes on failing', () => {
  const { supervisor, timers, viewer, latest, errors } = setUp();
  supervisor.subscribe(viewer().consumer);
  for (const reason of ['no device', 'no device', 'no permission', 'no permission']) {
    latest().fail(reason);
    timers.advance(RESTART_MS.last);
  }
  latest().code(true);
  latest().fail('no permission');
  assert.deepEqual(errors, ['no device', 'no permission', 'no permission']);
});

test('the last picture and the bitrate are reported', () => {
  const { supervisor, timers, viewer, latest } = setUp();
  supervisor.subscribe(viewer().consumer);
  assert.equal(supervisor.status.lastPicture, null);
  timers.advance(1000);
  latest().code(true);
  assert.deepEqual(supervisor.status.lastPicture, { number: 1, timestampUs: 1000 });
  timers.advance(1000);
  assert.equal(supervisor.status.bitrateBps, 800);
  timers.advance(5000);
  assert.equal(supervisor.status.bitrateBps, 0);
});

test('close stops everything and nothing starts again', () => {
  const { supervisor, pipelines, timers, viewer } = setUp();
  supervisor.subscribe(viewer().consumer);
  supervisor.close();
  supervisor.subscribe(viewer().consumer);
  timers.advance(60_000);
  assert.equal(pipelines.length, 1);
  assert.equal(pipelines[0]?.state, 'closed');
  assert.equal(timers.pending, 0);
});

test('the signal is passed on; a device that waits for its source has recovered from its loss', () => {
  const { supervisor, timers, viewer, latest, signals } = setUp();
  supervisor.subscribe(viewer().consumer);
  latest().tell('no-device');
  latest().fail();
  assert.equal(supervisor.status.failed, true);
  timers.advance(RESTART_MS.first);
  latest().tell('no-device');
  latest().tell('ok');
  assert.equal(supervisor.status.failed, true);
  latest().tell('no-signal');
  assert.equal(supervisor.status.failed, false);
  assert.deepEqual(signals, ['no-device', 'no-device', 'ok', 'no-signal']);
});

test('what a pipeline has to say is logged once, also over a restart', () => {
  const { supervisor, timers, viewer, latest, logged } = setUp();
  supervisor.subscribe(viewer().consumer);
  latest().notice('no control for: frame rate');
  latest().fail();
  timers.advance(RESTART_MS.first);
  latest().notice('no control for: frame rate');
  latest().notice('each picture is copied');
  assert.deepEqual(logged, ['no control for: frame rate', 'each picture is copied']);
});

test('quantizers hold for the pipeline that runs and for the one after it', () => {
  const { supervisor, timers, viewer, latest, pipelines } = setUp();
  supervisor.subscribe(viewer().consumer);
  assert.equal(latest().quantizers, null);
  supervisor.setQuantizers({ finest: 30, coarsest: 48 });
  assert.deepEqual(latest().quantizers, { finest: 30, coarsest: 48 });
  latest().fail();
  timers.advance(RESTART_MS.first);
  assert.equal(pipelines.length, 2);
  assert.deepEqual(latest().quantizers, { finest: 30, coarsest: 48 });
});
