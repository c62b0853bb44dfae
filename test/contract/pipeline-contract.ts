import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  NativeAccessUnit,
  NativeSignal,
  Pipeline,
  PipelineListener,
} from '../../native/index.js';
import { decode } from '../native/decoding.js';
import { Recorder } from '../native/recorder.js';

export interface Mode {
  width: number;
  height: number;
}

/** A source whose picture changes all the time, and pipelines that read it, one at a time. */
export interface PipelineWorld {
  /** What the source can be switched to; it begins with the first. */
  readonly modes: readonly [Mode, Mode];
  /** Not started. */
  createPipeline(listener: PipelineListener): Pipeline;
  setMode(mode: Mode): void;
  /** Takes the source away for good; returns the code of the failure that this is for its pipeline. */
  lose(): string;
}

/** What is opened is closed when the test ends. */
export type OpenWorld = (t: TestContext) => PipelineWorld;

/** Keeps all that a pipeline says. */
class Listener extends Recorder {
  readonly signals: NativeSignal[] = [];
  /** How many pictures had come when each signal was told. */
  readonly unitsAtSignal: number[] = [];
  /** Called with each picture before it is kept. */
  before: (unit: NativeAccessUnit) => void = () => {};

  override accessUnit(unit: NativeAccessUnit): void {
    this.before(unit);
    super.accessUnit(unit);
  }

  signal(signal: NativeSignal): void {
    this.signals.push(signal);
    this.unitsAtSignal.push(this.units.length);
    this.checkNow();
  }
}

/** What a thread that has not ended would still deliver comes within these turns of the event loop. */
const TURNS = 50;
const CYCLES = 3;

const CALLS: Record<string, (pipeline: Pipeline) => unknown> = {
  start: (pipeline) => pipeline.start(),
  requestKeyframe: (pipeline) => pipeline.requestKeyframe(),
  setBitrate: (pipeline) => pipeline.setBitrate(500_000),
  setFrameRate: (pipeline) => pipeline.setFrameRate(25),
  setQuantizers: (pipeline) => pipeline.setQuantizers({ finest: 30, coarsest: 40 }),
  stats: (pipeline) => pipeline.stats(),
};

/** What every pipeline does, whatever its source and its encoder. */
export function describePipeline(name: string, open: OpenWorld): void {
  describe(`pipeline: ${name}`, () => contract(open));
}

function contract(open: OpenWorld): void {
  function setUp(t: TestContext) {
    const world = open(t);
    const create = () => {
      const listener = new Listener();
      const pipeline = world.createPipeline(listener);
      t.after(() => pipeline.close());
      return { listener, pipeline };
    };
    const run = () => {
      const made = create();
      made.pipeline.start();
      return made;
    };
    return { world, create, run };
  }

  it('numbers pictures from 1, each later than the one before, a keyframe first; they decode, and the counts fit', async (t) => {
    const { world, create } = setUp(t);
    const { pipeline, listener } = create();
    assert.equal(pipeline.state, 'new');
    pipeline.start();
    assert.equal(pipeline.state, 'running');
    await listener.untilUnits(8);
    const { coded, captured, damaged, missed, stages } = pipeline.stats();
    const { units } = listener;
    assert.ok(coded >= units.length && captured > 0, `${coded} coded, ${captured} captured`);
    assert.ok(stages.pictures <= units.length && stages.encode.meanUs <= stages.encode.mostUs);
    assert.ok(damaged === 0 && missed < 10_000, `${damaged} damaged, ${missed} missed`);
    pipeline.close();
    assert.equal(units[0]?.keyframe, true);
    for (const [index, unit] of units.entries()) {
      assert.equal(unit.number, index + 1);
      assert.ok(index === 0 || unit.timestampUs > (units[index - 1]?.timestampUs ?? 0));
      assert.ok(unit.takenUs + unit.encodeUs <= unit.codedUs, JSON.stringify(unit));
    }
    const sizes = decode(units.map(({ data }) => data)).map(({ width, height }) => ({
      width,
      height,
    }));
    assert.deepEqual(
      sizes,
      units.map(() => world.modes[0]),
    );
  });

  it('makes each keyframe that is asked for', async (t) => {
    const { pipeline, listener } = setUp(t).run();
    await listener.untilUnits(2);
    for (let request = 0; request < 3; request++) {
      const before = listener.units.length;
      pipeline.requestKeyframe();
      await listener.until(`keyframe ${request}`, () =>
        listener.units.slice(before).some(({ keyframe }) => keyframe),
      );
    }
    const last = listener.units.findLastIndex(({ keyframe }) => keyframe);
    // A viewer may begin there.
    decode(listener.units.slice(last).map(({ data }) => data));
  });

  it('begins another mode with a keyframe, after the signal where there is one', async (t) => {
    const { world, run } = setUp(t);
    const { listener } = run();
    await listener.untilUnits(2);
    for (const mode of [world.modes[1], world.modes[0]]) {
      const before = listener.units.length;
      world.setMode(mode);
      const first = () =>
        listener.units.findIndex((unit, index) => index >= before && unit.width === mode.width);
      await listener.until(`a picture of ${mode.width}`, () => first() >= 0);
      const unit = listener.unit(first());
      assert.deepEqual([unit.keyframe, unit.height], [true, mode.height]);
      const signal = listener.signals.at(-1);
      if (signal === undefined) continue;
      assert.deepEqual(
        [signal.state, signal.width, signal.height],
        ['ok', unit.width, mode.height],
      );
      assert.ok((listener.unitsAtSignal.at(-1) ?? 0) <= first());
    }
    assert.deepEqual(listener.failures, []);
  });

  it('takes another bit rate, frame rate and other quantizers while it runs, without a keyframe of its own', async (t) => {
    const { pipeline, listener } = setUp(t).run();
    await listener.untilUnits(2);
    pipeline.setBitrate(1_000_000);
    pipeline.setFrameRate(20);
    pipeline.setQuantizers({ finest: 30, coarsest: 40 });
    await listener.untilUnits(listener.units.length + 4);
    const keyframes = listener.units.filter(({ keyframe }) => keyframe).length;
    // A picture that a busy machine has dropped leads to one.
    assert.ok(keyframes <= 1 + pipeline.stats().dropped, `${keyframes} keyframes`);
    assert.deepEqual(listener.failures, []);
  });

  it('fails once when its source is lost, after all that was coded; then nothing changes it', async (t) => {
    const { world, run } = setUp(t);
    const { pipeline, listener } = run();
    await listener.untilUnits(2);
    const code = world.lose();
    await listener.until('a failure', () => listener.failures.length > 0);
    assert.equal(listener.failures[0]?.code, code);
    assert.equal(pipeline.state, 'failed');
    assert.equal(pipeline.stats().coded, listener.units.length);
    for (const [name, call] of Object.entries(CALLS)) {
      if (name === 'start') assert.throws(() => call(pipeline), { code: 'ERR_PIPELINE_STATE' });
      else call(pipeline);
    }
    for (let turn = 0; turn < TURNS; turn++) await nextTurn();
    assert.equal(listener.failures.length, 1);
    pipeline.close();
    assert.equal(pipeline.state, 'closed');
  });

  it('says nothing after it is closed, which may be done twice, and refuses every call', async (t) => {
    const { pipeline, listener } = setUp(t).run();
    assert.throws(() => pipeline.start(), { code: 'ERR_PIPELINE_STATE' });
    await listener.untilUnits(2);
    pipeline.close();
    pipeline.close();
    const { length } = listener.units;
    for (let turn = 0; turn < TURNS; turn++) await nextTurn();
    assert.equal(listener.units.length, length);
    assert.deepEqual(listener.failures, []);
    for (const call of Object.values(CALLS)) {
      assert.throws(() => call(pipeline), { code: 'ERR_PIPELINE_CLOSED' });
    }
  });

  it('may be closed while it delivers a picture, which then is the last', async (t) => {
    const { pipeline, listener } = setUp(t).run();
    listener.before = ({ number }) => {
      if (number === 3) pipeline.close();
    };
    await listener.until('the end', () => pipeline.state === 'closed');
    for (let turn = 0; turn < TURNS; turn++) await nextTurn();
    assert.deepEqual(
      listener.units.map(({ number }) => number),
      [1, 2, 3],
    );
  });

  it('lets go of its source: the next one begins anew', async (t) => {
    const { run } = setUp(t);
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const { pipeline, listener } = run();
      await listener.untilUnits(2);
      pipeline.close();
      assert.deepEqual([listener.unit(0).number, listener.unit(0).keyframe], [1, true]);
    }
  });
}
