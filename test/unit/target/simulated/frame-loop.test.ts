import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FrameBufferProducer, Rect } from '../../../../native/index.js';
import { FrameLoop } from '../../../../server/target/simulated/frame-loop.js';
import { decodeMarks, decodePatch, STRIP } from '../../../../server/target/simulated/test-marks.js';
import { keys, LETTER_A, PcBench, RELEASED } from './pc-bench.js';

/** A frame buffer in memory that keeps what was submitted. */
class MemoryProducer implements FrameBufferProducer {
  readonly submitted: Array<{ timestampUs: number; ignore: Rect | undefined }> = [];
  readonly modes: string[] = [];
  pixels = new Uint32Array();
  width = 0;
  busy = false;
  #owned = false;

  setMode(width: number, height: number): Uint32Array {
    this.modes.push(`${width}x${height}`);
    this.width = width;
    this.pixels = new Uint32Array(width * height);
    this.#owned = true;
    return this.pixels;
  }

  acquire(): boolean {
    if (!this.busy) this.#owned = true;
    return !this.busy;
  }

  submit(timestampUs: number, ignore?: Rect): void {
    assert.ok(this.#owned, 'submitted without owning the pixels');
    this.#owned = false;
    this.submitted.push({ timestampUs, ignore });
  }

  close(): void {}

  rgba(): Uint8ClampedArray {
    const rgba = new Uint8ClampedArray(this.pixels.length * 4);
    this.pixels.forEach((pixel, at) => {
      rgba.set([pixel >> 16, (pixel >> 8) & 255, pixel & 255, 255], at * 4);
    });
    return rgba;
  }
}

function createLoop(stage: 'console' | 'desktop' | 'post', testMarks = false) {
  const bench = PcBench.at(stage);
  const producer = new MemoryProducer();
  let us = 1_000_000;
  const loop = new FrameLoop({
    machine: bench.machine,
    producer,
    frameRate: 60,
    testMarks,
    monotonicUs: () => (us += 1000),
  });
  let now = bench.machine.clock.nowMs;
  /** Steps like the worker: whenever the loop asks for it. Returns the number of steps. */
  const run = (ms: number): number => {
    const end = now + ms;
    let steps = 0;
    for (;;) {
      const dueMs = loop.step(now);
      steps++;
      if (dueMs > end) break;
      now = Math.max(dueMs, now + 0.1);
    }
    now = end;
    bench.machine.advanceTo(end);
    return steps;
  };
  const consumer = () => loop.receive('consumer', new Uint8Array(2), now);
  const press = () => {
    loop.receive('keyboard', keys(0, LETTER_A), now);
    loop.receive('keyboard', RELEASED, now);
  };
  return { bench, producer, loop, run, press, consumer };
}

describe('FrameLoop', () => {
  it('draws nothing while nobody watches, and the whole picture at once when somebody does', () => {
    const { producer, loop, run, press } = createLoop('console');
    press();
    run(1000);
    assert.deepEqual(producer.submitted, []);
    assert.deepEqual(producer.modes, []);
    loop.setWatched(true);
    run(0);
    assert.equal(producer.submitted.length, 1);
    assert.deepEqual(producer.modes, ['1280x720']);
    assert.ok(producer.pixels.some((pixel) => pixel !== 0));
  });

  it('sleeps while an unwatched PC has nothing to do', () => {
    const { run } = createLoop('console');
    assert.equal(run(600_000), 1);
  });

  it('wakes an unwatched desktop every ten seconds at most, and misses nothing of its journal', () => {
    const { bench, run } = createLoop('desktop');
    assert.ok(run(100_000) <= 11);
    const other = PcBench.at('desktop');
    other.wait(100_000);
    assert.equal(bench.machine.screenText(), other.machine.screenText());
  });

  it('runs an unwatched boot at its own times', () => {
    const { bench, run } = createLoop('post');
    bench.signals.length = 0;
    run(30_000);
    const other = PcBench.at('post');
    other.signals.length = 0;
    other.wait(30_000);
    assert.deepEqual(bench.signals, other.signals);
  });

  it('submits only when pixels have changed', () => {
    const { producer, loop, run, press } = createLoop('console');
    loop.setWatched(true);
    run(20_000);
    const rested = producer.submitted.length;
    run(60_000);
    assert.equal(producer.submitted.length, rested);
    press();
    run(1);
    assert.equal(producer.submitted.length, rested + 1);
  });

  it('keeps to the frame rate', () => {
    const { producer, loop, run } = createLoop('desktop');
    loop.setWatched(true);
    run(1000);
    assert.ok(producer.submitted.length >= 59 && producer.submitted.length <= 61);
  });

  it('drops frames while the pipeline reads, and draws what was missed afterwards', () => {
    const { bench, producer, loop, run, press } = createLoop('console');
    loop.setWatched(true);
    run(20_000);
    producer.submitted.length = 0;
    producer.busy = true;
    press();
    run(200);
    assert.deepEqual(producer.submitted, []);
    producer.busy = false;
    run(17);
    assert.equal(producer.submitted.length, 1);
    assert.deepEqual(producer.pixels, bench.picture().pixels.slice());
  });

  it('submits nothing in a gap and sets the new mode after it', () => {
    const { bench, producer, loop, run } = createLoop('console');
    loop.setWatched(true);
    run(20_000);
    bench.type('mode 1024x768\n');
    producer.submitted.length = 0;
    run(250);
    assert.deepEqual(producer.submitted, []);
    run(500);
    assert.deepEqual(producer.modes, ['1280x720', '1024x768']);
    assert.ok(producer.submitted.length > 0);
  });

  it('draws everything again when watched again', () => {
    const { producer, loop, run } = createLoop('console');
    loop.setWatched(true);
    run(20_000);
    loop.setWatched(false);
    run(1000);
    producer.pixels.fill(0x123456);
    loop.setWatched(true);
    run(0);
    assert.ok(!producer.pixels.includes(0x123456));
  });

  it('draws everything again for a pipeline that was restarted, though the picture is still', () => {
    const { producer, loop, run } = createLoop('console');
    loop.setWatched(true);
    run(20_000);
    const before = producer.submitted.length;
    loop.setWatched(true);
    run(0);
    assert.equal(producer.submitted.length, before + 1);
  });

  it('names no area to leave out without test marks', () => {
    const { producer, loop, run } = createLoop('console');
    loop.setWatched(true);
    run(0);
    assert.equal(producer.submitted[0]?.ignore, undefined);
  });
});

describe('FrameLoop with test marks', () => {
  it('writes number and capture time of each frame into the strip', () => {
    const { producer, loop, run } = createLoop('desktop', true);
    loop.setWatched(true);
    for (let frame = 1; frame <= 5; frame++) {
      while (producer.submitted.length < frame) run(5);
      const { timestampUs, ignore } = producer.submitted.at(-1) ?? { timestampUs: 0 };
      assert.deepEqual(decodeMarks(producer.rgba(), producer.width), { frame, timestampUs });
      assert.deepEqual(ignore, STRIP);
    }
  });

  it('draws no frame for the strip alone', () => {
    const { producer, loop, run } = createLoop('console', true);
    loop.setWatched(true);
    run(20_000);
    const rested = producer.submitted.length;
    run(60_000);
    assert.equal(producer.submitted.length, rested);
  });

  it('flips the patch in the first frame after each report, also if nothing else changes', () => {
    const { producer, loop, run, consumer } = createLoop('console', true);
    loop.setWatched(true);
    for (let report = 0; report < 4; report++) {
      run(20_000);
      const before = decodePatch(producer.rgba(), producer.width);
      consumer();
      run(20);
      assert.equal(decodePatch(producer.rgba(), producer.width), !before);
    }
  });

  it('keeps the strip readable while the console scrolls below it', () => {
    const { bench, producer, loop, run } = createLoop('console', true);
    loop.setWatched(true);
    bench.type('scroll 100\n');
    for (let step = 0; step < 60; step++) {
      run(40);
      const marks = decodeMarks(producer.rgba(), producer.width);
      assert.equal(marks?.frame, producer.submitted.length);
    }
  });
});
