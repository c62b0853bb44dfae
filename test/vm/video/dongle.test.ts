import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureFormats } from '../../../native/index.js';
import { decode } from '../../native/decoding.js';
import { drawDesktop } from '../../native/drawing.js';
import { decodeJpegs, encodeJpeg } from '../../native/jpeg.js';
import { startRig, testEncoder } from './capture-rig.js';
import { plugDongle } from './usb-dongle.js';
import { SIZE } from './uvc-descriptors.js';

function desktopJpeg(): Buffer {
  const pixels = new Uint32Array(SIZE.width * SIZE.height);
  drawDesktop({ pixels, ...SIZE });
  const rgb = Buffer.alloc(pixels.length * 3);
  for (const [at, pixel] of pixels.entries()) rgb.writeUIntBE(pixel & 0xffffff, at * 3, 3);
  return encodeJpeg(rgb, SIZE, '4:2:2');
}

/** Columns of grey that get lighter, without colour. */
function greyYuyv(): Buffer {
  const picture = Buffer.alloc(SIZE.width * SIZE.height * 2, 128);
  for (let at = 0; at < picture.length; at += 2) picture[at] = 16 + (((at / 2) % SIZE.width) >> 3);
  return picture;
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

for (const kind of ['m2m', 'software'] as const) {
  test(`a dongle whose raw pictures are slow is read as JPEG; broken ones are left out, ${kind} encoder`, async (t) => {
    const jpeg = desktopJpeg();
    const [expected] = decodeJpegs([jpeg], SIZE);
    const { path } = await plugDongle(t, [
      { fourcc: 'YUYV', rates: [10, 5], pictures: [greyYuyv()] },
      { fourcc: 'MJPG', rates: [30, 60], pictures: [jpeg, jpeg.subarray(0, 20_000), jpeg] },
    ]);
    assert.deepEqual(captureFormats(path).sort(), ['MJPG', 'YUYV']);
    const encoder = kind === 'm2m' ? testEncoder() : { kind };
    const rig = startRig(t, { encoder, path });
    await rig.untilUnits(4);
    await rig.until('a broken picture', () => rig.pipeline.stats().damaged > 0);
    const stats = rig.pipeline.stats();
    rig.pipeline.close();
    assert.deepEqual(rig.failures, []);
    assert.deepEqual(rig.signals, [{ state: 'ok', ...SIZE, frameRate: 60 }]);
    // Decoding is the copy.
    assert.equal(stats.copied >= stats.coded, kind === 'm2m');
    for (const { y, u, v } of decode(rig.units.map((unit) => unit.data))) {
      const difference = meanDifference(Buffer.concat([y, u, v]), expected as Buffer);
      assert.ok(difference <= (kind === 'm2m' ? 0 : 3), `${difference}`);
    }
  });
}

test('a dongle whose raw pictures are fast enough is read raw, at its fastest, and its memory is not copied', async (t) => {
  const raw = greyYuyv();
  const { path } = await plugDongle(t, [
    { fourcc: 'MJPG', rates: [60], pictures: [desktopJpeg()] },
    { fourcc: 'YUYV', rates: [15, 30, 25], pictures: [raw] },
  ]);
  const rig = startRig(t, { encoder: testEncoder(), path });
  await rig.untilUnits(4);
  const { copied } = rig.pipeline.stats();
  rig.pipeline.close();
  assert.equal(copied, 0);
  assert.deepEqual(rig.failures, []);
  assert.deepEqual(rig.signals, [{ state: 'ok', ...SIZE, frameRate: 30 }]);
  const luma = raw.filter((_, at) => at % 2 === 0);
  for (const { y, u } of decode(rig.units.map((unit) => unit.data))) {
    assert.ok(Buffer.from(y).equals(luma));
    assert.ok(u.every((value) => value === 128));
  }
});

test('a dongle that is unplugged while it streams is gone in one sentence, and the next one is captured', async (t) => {
  const stream = { fourcc: 'YUYV', rates: [30], pictures: [greyYuyv()] } as const;
  const first = await plugDongle(t, [stream]);
  const rig = startRig(t, { path: first.path });
  await rig.untilUnits(1);
  await first.unplug();
  const failure = await rig.untilFailure();
  assert.equal(failure.code, 'ENODEV');
  assert.equal(rig.states.at(-1), 'no-device');
  rig.pipeline.close();
  const second = await plugDongle(t, [stream]);
  const next = startRig(t, { path: second.path });
  await next.untilUnits(1);
  assert.deepEqual(next.failures, []);
});
