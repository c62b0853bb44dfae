import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEdid, writeEdid } from '../../../native/index.js';
import { silentLogger } from '../../../server/logger.js';
import { buildEdid } from '../../../server/video/edid/build-edid.js';
import { EdidKeeper } from '../../../server/video/edid/edid-keeper.js';
import { decode } from '../../native/decoding.js';
import { startRig, testEncoder } from './capture-rig.js';
import { CAPTURE, replugVivid } from './vivid.js';

test('a device without DV timings, as webcams and dongles are, is asked for 1280x720', async (t) => {
  replugVivid('webcam');
  t.after(() => replugVivid());
  for (const encoder of [{ kind: 'software' } as const, testEncoder()]) {
    const rig = startRig(t, { encoder, pixelFormat: 'YUYV' });
    await rig.untilUnits(3);
    rig.pipeline.close();
    const signal = rig.signals[0] ?? assert.fail('no signal');
    assert.deepEqual([signal.state, signal.width, signal.height], ['ok', 1280, 720]);
    assert.ok(signal.frameRate > 0);
    const pictures = decode(rig.units.map((unit) => unit.data));
    assert.ok(pictures.every(({ width, height }) => width === 1280 && height === 720));
  }
});

test('a device that shows no EDID has none, and is left alone', (t) => {
  replugVivid('webcam');
  t.after(() => replugVivid());
  assert.equal(readEdid(CAPTURE), null);
  const edid = buildEdid('1280x720@60', 'TEST');
  assert.throws(() => writeEdid(CAPTURE, edid), { syscall: 'VIDIOC_S_EDID', path: CAPTURE });
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (_: object, text: string) => void warnings.push(text) };
  new EdidKeeper(CAPTURE, edid, logger).ensure();
  assert.deepEqual(warnings, []);
});
