import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monotonicUs, type NativeAccessUnit } from '../../native/index.js';
import { NAL, nalType, nalUnits, sequenceParameters, sliceStart } from './annex-b.js';
import { type Canvas, drawDesktop, drawGlyph, fillRect } from './drawing.js';
import { rigFor } from './rig.js';

const typesOf = (unit: NativeAccessUnit): number[] => nalUnits(unit.data).map(nalType);

test('a keyframe is SPS, PPS and one IDR slice, every other picture one P slice', async (t) => {
  const rig = rigFor(t);
  drawDesktop(rig.canvas);
  rig.pipeline.start();
  rig.submit();
  await rig.recorder.untilUnits(1);
  for (let code = 0; code < 10; code++) {
    await rig.show((canvas) => drawGlyph(canvas, 8 * code, 8, code, 0xffffff));
    await rig.recorder.until('the glyph', () => rig.pipeline.stats().captured === code + 2);
    if (code === 5) rig.pipeline.requestKeyframe();
  }
  await rig.recorder.until(
    'a second keyframe and a picture after it',
    () =>
      rig.recorder.units.filter((unit) => unit.keyframe).length === 2 &&
      !rig.recorder.unit(-1).keyframe,
  );
  rig.close();
  for (const [index, unit] of rig.recorder.units.entries()) {
    assert.deepEqual([...unit.data.subarray(0, 4)], [0, 0, 0, 1], 'Annex B start code');
    assert.deepEqual(typesOf(unit), unit.keyframe ? [NAL.sps, NAL.pps, NAL.idr] : [NAL.slice]);
    const slice = nalUnits(unit.data).at(-1);
    assert.ok(slice);
    assert.deepEqual(sliceStart(slice), { firstMacroblock: 0, type: unit.keyframe ? 2 : 0 });
    assert.equal(unit.number, index + 1);
    assert.equal(unit.width, 320);
    assert.equal(unit.height, 240);
    assert.ok(unit.encodeUs > 0);
  }
  assert.equal(rig.recorder.unit(0).keyframe, true);
});

for (const [width, height, frameRate, level] of [
  [320, 240, 60, 30],
  [1280, 720, 30, 31],
  [1280, 720, 60, 32],
  [1920, 1080, 30, 40],
  [1920, 1080, 60, 42],
] as const) {
  test(`${width}x${height} at ${frameRate}: Constrained Baseline, at most level ${level}, BT.601`, async (t) => {
    const rig = rigFor(t, { width, height, frameRate });
    rig.pipeline.start();
    rig.submit();
    await rig.recorder.untilUnits(1);
    rig.close();
    const [sps] = nalUnits(rig.recorder.unit(0).data);
    assert.ok(sps);
    const parameters = sequenceParameters(sps);
    assert.ok(parameters.level <= level, `level ${parameters.level}`);
    assert.deepEqual(
      { ...parameters, constraints: parameters.constraints & 0xc0, level },
      {
        profile: 66,
        constraints: 0xc0,
        level,
        width,
        height,
        fullRange: false,
        primaries: 6,
        transfer: 6,
        matrix: 6,
      },
    );
  });
}

test('a changed picture carries its capture time; times always grow', async (t) => {
  const rig = rigFor(t);
  rig.pipeline.start();
  const first = rig.submit();
  await rig.recorder.untilUnits(3);
  // Captured before the repeats that were coded meanwhile, handed over after them.
  await rig.acquire();
  fillRect(rig.canvas, 0, 0, 64, 64, 0xff0000);
  rig.producer.submit(first + 1);
  const count = rig.recorder.units.length;
  await rig.recorder.untilUnits(count + 1);
  const last = await rig.show((canvas) => fillRect(canvas, 0, 0, 64, 64, 0x00ff00));
  await rig.recorder.until('the last change', () => rig.recorder.unit(-1).timestampUs >= last);
  rig.close();
  assert.equal(rig.recorder.unit(0).timestampUs, first);
  assert.ok(rig.recorder.units.some((unit) => unit.timestampUs === last));
  for (const [index, unit] of rig.recorder.units.entries()) {
    if (index > 0) assert.ok(unit.timestampUs - rig.recorder.unit(index - 1).timestampUs >= 12);
  }
});

test('an unchanged picture is counted, not coded, also when only the ignored rectangle differs', async (t) => {
  const rig = rigFor(t);
  const marks = { x: 33, y: 17, width: 63, height: 15 };
  const drawMarks = (colour: number) => (canvas: Canvas) =>
    fillRect(canvas, marks.x, marks.y, marks.width, marks.height, colour);
  rig.pipeline.start();
  rig.submit(marks);
  await rig.recorder.untilUnits(1);
  await rig.show(() => {});
  await rig.show(drawMarks(0xffffff), marks);
  await rig.show(drawMarks(0xff8800), marks);
  await rig.acquire();
  // The pixels come back before the comparison; each repeat of the still picture looks at the count again.
  await rig.recorder.until('three unchanged', () => rig.pipeline.stats().unchanged === 3);
  assert.equal(rig.pipeline.stats().captured, 4);
  // The same change without the rectangle is a change.
  const changed = await rig.show(drawMarks(0x0000ff));
  await rig.recorder.until('the change', () =>
    rig.recorder.units.some((unit) => unit.timestampUs === changed),
  );
  assert.equal(rig.pipeline.stats().unchanged, 3);
  // One pixel beside the rectangle's 2x2 grid counts.
  const beside = await rig.show((canvas) => fillRect(canvas, 30, 17, 2, 1, 0xffffff), marks);
  await rig.recorder.until('the pixel', () =>
    rig.recorder.units.some((unit) => unit.timestampUs === beside),
  );
  rig.close();
});

test('a still picture is repeated; the repeats are small, no keyframes, and later in time', async (t) => {
  const rig = rigFor(t);
  drawDesktop(rig.canvas);
  rig.pipeline.start();
  rig.submit();
  await rig.recorder.untilUnits(6);
  rig.close();
  const [first, ...repeats] = rig.recorder.units;
  assert.ok(first?.keyframe);
  assert.ok(repeats.every((unit) => !unit.keyframe));
  assert.equal(rig.pipeline.state, 'closed');
  const gaps = repeats.map(
    (unit, index) => unit.timestampUs - rig.recorder.unit(index).timestampUs,
  );
  // 50, 150 and 400 ms after the change, never earlier: a late timer only makes a gap longer.
  const elapsed = repeats.map((unit) => unit.timestampUs - rig.recorder.unit(0).timestampUs);
  for (const [index, ms] of [50, 150, 400].entries()) {
    assert.ok((elapsed[index] ?? 0) >= ms * 1000, `repeat ${index} after ${elapsed[index]} µs`);
  }
  assert.ok(gaps.slice(3).every((gap) => gap >= 140_000));
});

test('requestKeyframe() on a still source codes the last picture again as a keyframe', async (t) => {
  const rig = rigFor(t);
  rig.pipeline.start();
  rig.submit();
  // Until the next repeat is a second away.
  await rig.recorder.untilUnits(5);
  const count = rig.recorder.units.length;
  const askedUs = monotonicUs();
  rig.pipeline.requestKeyframe();
  await rig.recorder.untilUnits(count + 1);
  rig.close();
  const unit = rig.recorder.unit(count);
  assert.equal(unit.keyframe, true);
  assert.ok(unit.timestampUs >= askedUs);
});

test('a keyframe asked for before any picture, or many at once, is one keyframe', async (t) => {
  const rig = rigFor(t);
  rig.pipeline.requestKeyframe();
  rig.pipeline.start();
  for (let i = 0; i < 20; i++) rig.pipeline.requestKeyframe();
  rig.submit();
  await rig.recorder.untilUnits(4);
  rig.close();
  assert.deepEqual(
    rig.recorder.units.slice(0, 4).map((unit) => unit.keyframe),
    [true, false, false, false],
  );
});

test('a new size gives a keyframe of that size, whatever was under way', async (t) => {
  const rig = rigFor(t);
  rig.pipeline.start();
  rig.submit();
  for (const [width, height] of [
    [640, 480],
    [64, 48],
    [1024, 768],
    [720, 400],
    [16, 16],
    [1920, 1200],
  ] as const) {
    drawDesktop(rig.setMode(width, height));
    rig.submit();
    const size = (unit: NativeAccessUnit) => unit.width === width && unit.height === height;
    await rig.recorder.until(`${width}x${height}`, () => rig.recorder.units.some(size));
    const unit = rig.recorder.units.find(size);
    assert.ok(unit?.keyframe);
    const [sps] = nalUnits(unit.data);
    assert.ok(sps);
    const parameters = sequenceParameters(sps);
    assert.deepEqual([parameters.width, parameters.height], [width, height]);
  }
  assert.deepEqual(rig.recorder.failures, []);
  rig.close();
});

test('above the frame rate pictures are held: the newest is coded when due, the last one always arrives', async (t) => {
  const rig = rigFor(t, { frameRate: 5 });
  rig.pipeline.start();
  rig.submit();
  await rig.recorder.untilUnits(1);
  let last = 0;
  for (let i = 1; i <= 40; i++) {
    last = await rig.show((canvas) => fillRect(canvas, 0, 0, 160, 120, i * 0x050301));
  }
  await rig.recorder.until('the last picture', () =>
    rig.recorder.units.some((unit) => unit.timestampUs === last),
  );
  const { captured } = rig.pipeline.stats();
  rig.close();
  assert.equal(captured, 41);
  // At 5 a second, with a quarter of a period forgiven, pictures are at least 150 ms apart when they were coded; the
  // times of capture say so for the first and the last.
  const changed = rig.recorder.units.filter((unit) => unit.timestampUs <= last);
  const spanUs = last - rig.recorder.unit(0).timestampUs;
  assert.ok(changed.length <= 3 + spanUs / 100_000, `${changed.length} pictures in ${spanUs} µs`);
});

test('with JavaScript blocked 4 access units wait, then pictures are dropped and a keyframe follows', async (t) => {
  const rig = rigFor(t);
  rig.pipeline.start();
  rig.submit();
  await rig.recorder.untilUnits(1);
  const before = rig.recorder.units.length;
  // The event loop does not run in this loop: nothing is delivered.
  let colour = 0;
  const blockedUntilUs = monotonicUs() + 10_000_000;
  while (rig.pipeline.stats().dropped < 3) {
    assert.ok(monotonicUs() < blockedUntilUs, 'nothing was dropped within 10 s');
    if (!rig.producer.acquire()) continue;
    colour += 0x010203;
    fillRect(rig.canvas, 0, 0, 64, 64, colour);
    rig.submit();
  }
  assert.equal(rig.recorder.units.length, before);
  const { dropped } = rig.pipeline.stats();
  await rig.recorder.untilUnits(before + 5);
  const waiting = rig.recorder.units.slice(before, before + 4);
  assert.ok(waiting.every((unit) => !unit.keyframe));
  assert.equal(rig.recorder.unit(before + 4).keyframe, true);
  assert.ok(dropped >= 3);
  assert.equal(rig.pipeline.stats().coded, rig.recorder.unit(-1).number);
  rig.close();
});

test('while a picture is converted the producer is told to try again, and every picture is taken', async (t) => {
  const rig = rigFor(t, { width: 1920, height: 1080, frameRate: 120 });
  rig.pipeline.start();
  rig.submit();
  let refused = 0;
  for (let i = 0; i < 10; i++) {
    while (!rig.producer.acquire()) refused++;
    fillRect(rig.canvas, 0, 0, 1920, 8, i * 1000);
    rig.submit();
  }
  await rig.acquire();
  assert.ok(refused > 0);
  assert.equal(rig.pipeline.stats().captured, 11);
  rig.close();
});
