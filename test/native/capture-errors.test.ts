import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  captureFormats,
  createFrameBuffer,
  createPipeline,
  listEncoders,
  type NativeSignal,
  type PipelineOptions,
  readEdid,
  writeEdid,
} from '../../native/index.js';
import { Recorder } from './recorder.js';

const MISSING = '/dev/no-such-device';

/** What the kernel answers to a video request on another device: ENOTTY. QEMU's user-mode emulation knows none: ENOSYS. */
const REFUSALS: Record<string, number> = { ENOTTY: -25, ENOSYS: -38 };
const REFUSED = /^(ENOTTY|ENOSYS)$/;

/** Records what a capture device's input shows, too. */
class SignalRecorder extends Recorder {
  readonly signals: NativeSignal[] = [];

  signal(signal: NativeSignal): void {
    this.signals.push(signal);
  }
}

function options(path: string, encoder: PipelineOptions['encoder']): PipelineOptions {
  return {
    source: { kind: 'capture-device', path },
    encoder,
    bitrateBps: 1_000_000,
    frameRate: 30,
  };
}

async function failureOf(pipelineOptions: PipelineOptions) {
  const recorder = new SignalRecorder();
  const pipeline = createPipeline(pipelineOptions, recorder);
  pipeline.start();
  await recorder.until('a failure', () => recorder.failures.length > 0);
  assert.equal(pipeline.state, 'failed');
  assert.equal(recorder.failures.length, 1);
  assert.equal(recorder.units.length, 0);
  pipeline.close();
  return { error: recorder.failures[0], signals: recorder.signals };
}

/** The fields of an error as Node's SystemError has them. */
function systemError(error: NodeJS.ErrnoException | undefined) {
  assert.ok(error instanceof Error);
  const { code, errno, syscall, path } = error;
  return { code, errno, syscall, path };
}

test('a missing capture device fails the pipeline with ENODEV after the signal said so', async () => {
  const { error, signals } = await failureOf(options(MISSING, { kind: 'software' }));
  assert.deepEqual(systemError(error), {
    code: 'ENODEV',
    errno: -19,
    syscall: 'open',
    path: MISSING,
  });
  assert.equal(error?.message, `ENODEV: there is no capture device, open '${MISSING}'`);
  assert.deepEqual(signals, [{ state: 'no-device', width: 0, height: 0, frameRate: 0 }]);
});

test('what is no video device is named, and is not called missing', async () => {
  const { error, signals } = await failureOf(options('/dev/null', { kind: 'software' }));
  const { code = '', ...rest } = systemError(error);
  assert.match(code, REFUSED);
  assert.deepEqual(rest, {
    errno: REFUSALS[code],
    syscall: 'VIDIOC_QUERYCAP',
    path: '/dev/null',
  });
  assert.deepEqual(signals, []);
});

test('a missing encoder fails the pipeline with its own path', async () => {
  const { error } = await failureOf(options('/dev/null', { kind: 'm2m', path: MISSING }));
  assert.deepEqual(systemError(error), {
    code: 'ENOENT',
    errno: -2,
    syscall: 'open',
    path: MISSING,
  });
});

test('wrong sources, encoders and listeners are refused, naming the option', () => {
  const good = options(MISSING, { kind: 'software' });
  const listener = new Recorder();
  const buffer = createFrameBuffer();
  const m2m = { kind: 'm2m', path: '/dev/video11' };
  const wrong: [unknown, unknown, RegExp][] = [
    [{ ...good, source: { kind: 'capture-device' } }, listener, /options\.source\.path/],
    [{ ...good, source: { ...good.source, pixelFormat: 'YUV' } }, listener, /pixelFormat/],
    [{ ...good, encoder: { kind: 'm2m' } }, listener, /options\.encoder\.path/],
    [{ ...good, source: buffer, encoder: m2m }, listener, /options\.encoder\.kind/],
    [good, { accessUnit() {}, failed() {}, signal: 1 }, /listener\.signal/],
    [good, { accessUnit() {}, failed() {}, notice: 1 }, /listener\.notice/],
  ];
  for (const [value, to, message] of wrong) {
    assert.throws(() => createPipeline(value as PipelineOptions, to as Recorder), {
      name: 'TypeError',
      message,
    });
  }
  buffer.close();
});

test('device functions throw errors shaped like those of Node', () => {
  const missing = { code: 'ENOENT', errno: -2, syscall: 'open', path: MISSING };
  const noVideo = { code: REFUSED, syscall: 'VIDIOC_QUERYCAP', path: '/dev/null' };
  assert.throws(() => readEdid(MISSING), missing);
  assert.throws(() => writeEdid(MISSING, null), missing);
  assert.throws(() => captureFormats(MISSING), missing);
  assert.throws(() => readEdid('/dev/null'), noVideo);
  assert.throws(() => captureFormats('/dev/null'), noVideo);
  assert.throws(() => writeEdid('/dev/null', new Uint8Array(128)), { code: REFUSED });
  assert.ok(Array.isArray(listEncoders()));
});

test('an EDID of a wrong kind or length is refused before any device is touched', () => {
  assert.throws(() => writeEdid(MISSING, 'text' as unknown as Uint8Array), { name: 'TypeError' });
  assert.throws(() => writeEdid(MISSING, new Uint8Array(0)), { name: 'RangeError' });
  assert.throws(() => writeEdid(MISSING, new Uint8Array(200)), /multiple of 128, but is 200/);
});
