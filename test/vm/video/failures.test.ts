import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeEach, test } from 'node:test';
import { startRig, testEncoder } from './capture-rig.js';
import { CAPTURE, controlNames, press, replugVivid, resetVivid, setControls } from './vivid.js';

beforeEach(resetVivid);

/** A new pipeline, as the supervisor starts one, delivers pictures. */
async function worksAgain(t: Parameters<typeof startRig>[0]): Promise<void> {
  const rig = startRig(t, { encoder: testEncoder() });
  await rig.untilUnits(2);
  rig.pipeline.close();
}

test('every fault that vivid can make has a test', () => {
  const faults = controlNames().filter((name) => /inject|dropped|wrap|disconnect/.test(name));
  assert.deepEqual(faults.sort(), [
    'disconnect',
    'inject_fatal_streaming_error',
    'inject_req_validate_error',
    'inject_v4l2_buf_flag_error',
    'inject_vidioc_qbuf_error',
    'inject_vidioc_reqbufs_error',
    'inject_vidioc_streamon_error',
    'percentage_of_dropped_buffers',
    'wrap_sequence_number',
    'wrap_timestamp',
  ]);
});

test('an error of the request interface, which the pipeline does not use, is none', async (t) => {
  const rig = startRig(t, { encoder: testEncoder() });
  await rig.untilUnits(2);
  press('inject_req_validate_error');
  await rig.untilMoreUnits(5);
  assert.deepEqual(rig.failures, []);
});

test('nodes that are no capture device are named for what they are', async (t) => {
  const encoder = testEncoder();
  const wrong = await startRig(t, { path: encoder.path }).untilFailure();
  assert.equal(wrong.code, 'EINVAL');
  assert.match(wrong.message, /captures no pictures .*VIDIOC_QUERYCAP/);
  const decoder = { kind: 'm2m', path: CAPTURE } as const;
  const noEncoder = await startRig(t, { encoder: decoder }).untilFailure();
  assert.match(noEncoder.message, /does not encode H\.264/);
  assert.equal(noEncoder.path, CAPTURE);
});

test('a device that another program streams from is busy, and that program is named', async (t) => {
  const other = spawn('v4l2-ctl', ['-d', CAPTURE, '--stream-mmap'], { stdio: 'pipe' });
  t.after(() => other.kill('SIGKILL'));
  // It writes something for each picture.
  await once(other.stderr, 'data');
  const error = await startRig(t).untilFailure();
  assert.deepEqual([error.code, error.path], ['EBUSY', CAPTURE]);
  const user = `another program streams from it: v4l2-ctl (process ${other.pid}), `;
  assert.ok(error.message.includes(user), error.message);
  other.kill('SIGKILL');
  await once(other, 'close');
  await worksAgain(t);
});

test('a device that this program itself streams from is busy, and nobody else is blamed', async (t) => {
  const first = startRig(t);
  await first.untilUnits(1);
  const error = await startRig(t).untilFailure();
  assert.equal(error.code, 'EBUSY');
  assert.match(error.message, /is busy, another program streams from it, VIDIOC_/);
  await first.untilMoreUnits(1);
});

test('pictures that are marked as broken are counted and not shown', async (t) => {
  const rig = startRig(t, { encoder: testEncoder() });
  await rig.untilUnits(2);
  press('inject_v4l2_buf_flag_error');
  await rig.until('a damaged picture', () => rig.pipeline.stats().damaged > 0);
  await rig.untilMoreUnits(2);
  assert.deepEqual(rig.failures, []);
});

test('pictures that the driver drops are counted', async (t) => {
  t.after(() => setControls({ percentage_of_dropped_buffers: 0 }));
  setControls({ percentage_of_dropped_buffers: 50 });
  const rig = startRig(t);
  await rig.until('missed pictures', () => rig.pipeline.stats().missed > 2);
  assert.deepEqual(rig.failures, []);
});

test('a fatal streaming error is one failure; the next pipeline works', async (t) => {
  const rig = startRig(t, { encoder: testEncoder() });
  await rig.untilUnits(2);
  press('inject_fatal_streaming_error');
  const error = await rig.untilFailure();
  assert.equal(error.path, CAPTURE);
  assert.equal(error.code, 'EIO');
  assert.equal(rig.failures.length, 1);
  await worksAgain(t);
});

test('an error while buffers are made is one failure that names the call; the next pipeline works', async (t) => {
  press('inject_vidioc_reqbufs_error');
  const error = await startRig(t).untilFailure();
  assert.deepEqual([error.code, error.syscall], ['EINVAL', 'VIDIOC_REQBUFS']);
  await worksAgain(t);
});

test('an error while a buffer is queued is one failure; the next pipeline works', async (t) => {
  const rig = startRig(t);
  await rig.untilUnits(2);
  press('inject_vidioc_qbuf_error');
  const error = await rig.untilFailure();
  assert.deepEqual([error.code, error.syscall], ['EINVAL', 'VIDIOC_QBUF']);
  await worksAgain(t);
});

test('timings that the device cannot stream are a state, and are tried again', async (t) => {
  press('inject_vidioc_streamon_error');
  const rig = startRig(t);
  await rig.untilUnits(1);
  assert.deepEqual(rig.states, ['unsupported-timings', 'ok']);
});

test('a device that vanishes is ENODEV after the signal said so; plugged in again it works', async (t) => {
  const rig = startRig(t, { encoder: testEncoder() });
  await rig.untilUnits(2);
  press('disconnect');
  const error = await rig.untilFailure();
  assert.equal(error.code, 'ENODEV');
  assert.equal(error.path, CAPTURE);
  assert.deepEqual(rig.states, ['ok', 'no-device']);
  rig.pipeline.close();
  replugVivid();
  resetVivid();
  await worksAgain(t);
});
