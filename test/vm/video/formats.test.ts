import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { captureFormats, listEncoders, type NativeAccessUnit } from '../../../native/index.js';
import { chooseEncoder } from '../../../server/video/choose-encoder.js';
import { decode } from '../../native/decoding.js';
import { startRig, testEncoder } from './capture-rig.js';
import { rawPicture } from './raw-picture.js';
import { CAPTURE, resetVivid, setControls } from './vivid.js';

beforeEach(resetVivid);

const WIDTH = 640;
const HEIGHT = 480;
const REQUESTS = 20;

/** The first picture is one, and only what was asked for, or dropped on a busy machine, leads to another. */
function assertKeyframes(
  units: readonly NativeAccessUnit[],
  wanted: number,
  dropped: number,
): void {
  const count = units.filter((unit) => unit.keyframe).length;
  assert.equal(units[0]?.keyframe, true);
  assert.ok(count >= wanted && count <= wanted + dropped, `${count} keyframes, ${dropped} dropped`);
}

const mean = (a: number | undefined, b: number | undefined) => ((a ?? 0) + (b ?? 0) + 1) >> 1;

/** The planes of a YUYV picture; chroma is the mean of two rows. */
function planesOfYuyv(raw: Buffer) {
  const y = Buffer.from(raw.filter((_, at) => at % 2 === 0));
  const chroma = (offset: number) => {
    const plane = Buffer.alloc((WIDTH * HEIGHT) / 4);
    for (const at of plane.keys()) {
      const row = Math.floor(at / (WIDTH / 2));
      const top = row * 2 * WIDTH * 2 + (at % (WIDTH / 2)) * 4 + offset;
      plane[at] = mean(raw[top], raw[top + WIDTH * 2]);
    }
    return plane;
  };
  return { y, u: chroma(1), v: chroma(3) };
}

function planesOfYu12(raw: Buffer) {
  const luma = WIDTH * HEIGHT;
  const [u, v] = [luma, (luma * 5) / 4].map((at) => raw.subarray(at, at + luma / 4));
  return { y: raw.subarray(0, luma), u, v };
}

test('the encoder is found and chosen, its decoders are not', () => {
  const encoders = listEncoders();
  assert.equal(encoders.length, 1);
  assert.ok(encoders[0]?.formats.includes('UYVY'));
  assert.ok(captureFormats(CAPTURE).includes('UYVY'));
  const source = { kind: 'capture-device', path: CAPTURE } as const;
  const { name } = encoders[0] ?? assert.fail();
  assert.deepEqual(chooseEncoder('auto', source), { ...testEncoder(), name });
});

test('hardware: a static picture comes back bit-exact, each one decodes, and none is copied', async (t) => {
  const raw = planesOfYu12(rawPicture('YU12'));
  const rig = startRig(t, { encoder: testEncoder(), pixelFormat: 'YU12' });
  await rig.untilUnits(5);
  rig.pipeline.close();
  const pictures = decode(rig.units.map((unit) => unit.data));
  assert.equal(pictures.length, rig.units.length);
  for (const picture of pictures) {
    assert.deepEqual([picture.width, picture.height], [WIDTH, HEIGHT]);
    assert.ok(Buffer.from(picture.y).equals(raw.y), 'luma');
    assert.ok(Buffer.from(picture.u).equals(raw.u as Buffer), 'u');
    assert.ok(Buffer.from(picture.v).equals(raw.v as Buffer), 'v');
  }
});

for (const pixelFormat of ['YU12', 'NV12', 'UYVY', 'YUYV', 'RGB3']) {
  test(`hardware from ${pixelFormat}: every picture decodes, one keyframe, growing times, no copy`, async (t) => {
    setControls({ osd_text_mode: 0 });
    const rig = startRig(t, { encoder: testEncoder(), pixelFormat });
    await rig.untilUnits(12);
    const stats = rig.pipeline.stats();
    assert.equal(stats.copied, 0);
    assert.equal(stats.damaged, 0);
    assert.deepEqual(rig.failures, []);
    const units = rig.units.slice(0, 12);
    assertKeyframes(units, 1, stats.dropped);
    for (const [index, unit] of units.entries()) {
      assert.equal(unit.number, index + 1);
      assert.ok(index === 0 || unit.timestampUs > (units[index - 1]?.timestampUs ?? 0));
      assert.deepEqual([unit.width, unit.height], [WIDTH, HEIGHT]);
    }
    const sizes = decode(units.map((unit) => unit.data)).map(({ width, height }) => [
      width,
      height,
    ]);
    assert.deepEqual(
      sizes,
      units.map(() => [WIDTH, HEIGHT]),
    );
  });
}

for (const [kind, pixelFormat] of [
  ['software', 'YU12'],
  ['software', 'NV12'],
  ['software', 'UYVY'],
  ['software', 'YUYV'],
  ['software', 'RGB3'],
  ['m2m', 'RGB3'],
] as const) {
  test(`${kind} encoder from ${pixelFormat}: the picture is the captured one`, async (t) => {
    // RGB is compared with what vivid itself makes of the same colours.
    const raw = planesOfYuyv(rawPicture('YUYV'));
    const rig = startRig(t, { encoder: kind === 'm2m' ? testEncoder() : { kind }, pixelFormat });
    await rig.untilUnits(6);
    rig.pipeline.close();
    const picture = decode(rig.units.map((unit) => unit.data)).at(-1);
    assert.ok(picture);
    for (const plane of ['y', 'u', 'v'] as const) {
      const differences = picture[plane].reduce(
        (total, value, at) => total + Math.abs(value - (raw[plane][at] ?? 0)),
        0,
      );
      const meanDifference = differences / picture[plane].length;
      assert.ok(meanDifference < 3, `${plane}: ${meanDifference}`);
    }
  });
}

test('hardware: each keyframe that is asked for comes, once, and the pictures go on from it', async (t) => {
  setControls({ osd_text_mode: 0 });
  const rig = startRig(t, { encoder: testEncoder() });
  await rig.untilUnits(3);
  // Often, because some requests come while a picture is coded and some do not.
  for (let request = 0; request < REQUESTS; request++) {
    const before = rig.units.length;
    rig.pipeline.requestKeyframe();
    const found = () => rig.units.slice(before).some((unit) => unit.keyframe);
    await rig.until(`keyframe ${request}`, found);
  }
  await rig.untilMoreUnits(3);
  assertKeyframes(rig.units, 1 + REQUESTS, rig.pipeline.stats().dropped);
  const last = rig.units.findLastIndex((unit) => unit.keyframe);
  // A viewer may begin there.
  const pictures = decode(rig.units.slice(last).map((unit) => unit.data));
  assert.ok(pictures.every(({ width }) => width === WIDTH));
});

test('hardware: bitrate and frame rate change while it runs; what the encoder lacks is said once', async (t) => {
  const rig = startRig(t, { encoder: testEncoder() });
  await rig.untilUnits(2);
  rig.pipeline.setBitrate(1_000_000);
  rig.pipeline.setFrameRate(20);
  await rig.untilMoreUnits(5);
  assert.deepEqual(rig.failures, []);
  // The test encoder has every control that we set but takes no frame rate.
  assert.equal(rig.notices.length, 1);
  assert.match(rig.notices[0] ?? '', /has no control for: frame rate$/);
});

test('hardware: a still screen is coded less often than it is captured, a moving one at once again', async (t) => {
  const rig = startRig(t, { encoder: testEncoder() });
  // Two dozen skip pictures in a row, then ten per second.
  const isSmall = (bytes: number) => bytes < 100;
  await rig.untilUnits(45);
  const changed = rig.units.filter((unit) => !unit.keyframe && !isSmall(unit.data.length));
  assert.deepEqual(changed, []);
  const gaps = rig.units.slice(-5).map((unit, index, units) => {
    const previous = units[index - 1];
    return previous ? unit.timestampUs - previous.timestampUs : Number.POSITIVE_INFINITY;
  });
  // The limit is exact on the appliance's clock, capture times differ from it by a frame.
  assert.ok(Math.min(...gaps) > 60_000, `gaps ${gaps}`);
  const { captured, coded } = rig.pipeline.stats();
  assert.ok(captured > coded);
  setControls({ osd_text_mode: 0 });
  await rig.until('a larger picture', () => {
    const { keyframe, data } = rig.unit(-1);
    return !keyframe && !isSmall(data.length);
  });
  assert.deepEqual(rig.failures, []);
});
