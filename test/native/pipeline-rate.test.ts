import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Quantizers } from '../../native/index.js';
import { decode, lumaPsnr } from './decoding.js';
import { drawDesktop } from './drawing.js';
import { type Rig, rigFor } from './rig.js';

const PLENTY_BPS = 50_000_000;

/** Waits until the still screen does not become sharper: three pictures in a row that carry nothing. */
async function untilSharp(rig: Rig, from: number): Promise<void> {
  await rig.recorder.until('three pictures that carry nothing', () => {
    const units = rig.recorder.units.slice(from);
    return units.length > 3 && units.slice(-3).every((unit) => unit.data.length < 100);
  });
}

function psnrOf(rig: Rig): number {
  const picture = decode(rig.recorder.units.map((unit) => unit.data)).at(-1);
  return lumaPsnr(picture ?? assert.fail('no picture'), rig.canvas.pixels);
}

test('quantizers that change on a still screen: finer becomes sharper, without a keyframe', async (t) => {
  const rig = rigFor(t, {
    width: 640,
    height: 480,
    bitrateBps: PLENTY_BPS,
    quantizers: { finest: 40, coarsest: 44 },
  });
  drawDesktop(rig.canvas);
  rig.pipeline.start();
  rig.submit();
  await untilSharp(rig, 0);
  const coarse = psnrOf(rig);
  const coded = rig.recorder.units.length;
  rig.pipeline.setQuantizers({ finest: 22, coarsest: 44 });
  await rig.recorder.until('a picture that carries something', () =>
    rig.recorder.units.slice(coded).some((unit) => unit.data.length > 1000),
  );
  await untilSharp(rig, coded);
  const fine = psnrOf(rig);
  assert.ok(fine > coarse + 6, `${coarse} dB, then ${fine} dB`);
  assert.equal(rig.recorder.units.filter((unit) => unit.keyframe).length, 1);
});

test('the coarsest quantizer bounds what a small bit rate does to a picture', async (t) => {
  const sizeWith = async (quantizers: Quantizers): Promise<number> => {
    const rig = rigFor(t, { width: 640, height: 480, bitrateBps: 10_000, quantizers });
    drawDesktop(rig.canvas);
    rig.pipeline.start();
    rig.submit();
    await rig.recorder.untilUnits(1);
    return rig.recorder.unit(0).data.length;
  };
  const bounded = await sizeWith({ finest: 22, coarsest: 30 });
  const unbounded = await sizeWith({ finest: 22, coarsest: 51 });
  assert.ok(bounded > unbounded * 2, `${bounded} and ${unbounded} bytes`);
});

test('wrong quantizers are refused, naming the end that is wrong', (t) => {
  const rig = rigFor(t);
  for (const [quantizers, message] of [
    [{ finest: -1, coarsest: 40 }, /quantizers\.finest must be an integer from 0 to 51, but is -1/],
    [{ finest: 30, coarsest: 29 }, /quantizers\.coarsest must be an integer from 30 to 51/],
    [{ finest: 30, coarsest: 52 }, /quantizers\.coarsest .* but is 52/],
    [{ finest: 30.5, coarsest: 40 }, /quantizers\.finest .* but is 30\.5/],
    [{ finest: 30 }, /quantizers\.coarsest must be an integer/],
    [null, /quantizers must be an object/],
  ] as const) {
    assert.throws(() => rig.pipeline.setQuantizers(quantizers as Quantizers), { message });
    const options = { quantizers: quantizers as unknown as Quantizers };
    assert.throws(() => rigFor(t, options), { message });
  }
});

test('the stages of each picture add up to its age, and the means are theirs', async (t) => {
  const rig = rigFor(t, { width: 640, height: 480 });
  rig.pipeline.start();
  const before = rig.pipeline.stats().stages;
  assert.equal(before.pictures, 0);
  assert.equal(before.encode.meanUs, 0);
  const shown: number[] = [];
  for (let line = 0; line < 5; line++) {
    const shownUs = await rig.show((canvas) => drawDesktop(canvas, line));
    shown.push(shownUs);
    await rig.recorder.until('the picture', () =>
      rig.recorder.units.some((unit) => unit.timestampUs >= shownUs),
    );
  }
  const repeats = () => rig.recorder.units.filter((unit) => !shown.includes(unit.timestampUs));
  await rig.recorder.until('a repeat', () => repeats().length > 0);
  const { stages } = rig.pipeline.stats();
  const units = rig.recorder.units.filter((unit) => shown.includes(unit.timestampUs));
  for (const unit of rig.recorder.units) {
    const { timestampUs, takenUs, codedUs, encodeUs } = unit;
    assert.ok(takenUs >= timestampUs && codedUs >= takenUs + encodeUs, JSON.stringify(unit));
  }
  assert.ok(repeats().every((unit) => unit.takenUs === unit.timestampUs));
  assert.equal(stages.pictures, units.length);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const near = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 1);
  near(stages.capture.meanUs, mean(units.map((unit) => unit.takenUs - unit.timestampUs)));
  near(stages.encode.meanUs, mean(units.map((unit) => unit.encodeUs)));
  near(stages.wait.meanUs, mean(units.map((unit) => unit.codedUs - unit.takenUs - unit.encodeUs)));
  assert.equal(stages.encode.mostUs, Math.max(...units.map((unit) => unit.encodeUs)));
  assert.ok(stages.handOver.meanUs > 0);
});
