import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StartError } from '../../../server/errors.js';
import { chooseEncoder, type EncoderDevices } from '../../../server/video/choose-encoder.js';

const SIMULATED = { kind: 'frame-buffer', handle: 1 } as const;
const CAPTURE = { kind: 'capture-device', path: '/dev/video0' } as const;

const PI = { path: '/dev/video11', name: 'bcm2835-codec', formats: ['YU12', 'UYVY', 'RGB3'] };
const OTHER = { path: '/dev/video1', name: 'another', formats: ['NV12', 'UYVY'] };

function setUp(encoders: Array<typeof PI>, formats: string[] | Error = ['UYVY', 'RGB3']) {
  const devices: EncoderDevices = {
    listEncoders: () => encoders,
    captureFormats: () => {
      if (formats instanceof Error) throw formats;
      return formats;
    },
  };
  const choose = (option: string, source: typeof SIMULATED | typeof CAPTURE = CAPTURE) =>
    chooseEncoder(option, source, devices);
  return { choose };
}

const hardware = ({ path, name }: typeof PI) => ({ kind: 'm2m', path, name });

test('the simulated computer is coded in software', () => {
  const { choose } = setUp([PI]);
  assert.deepEqual(choose('software', SIMULATED), { kind: 'software' });
  assert.deepEqual(choose('auto', SIMULATED), { kind: 'software' });
  assert.throws(
    () => choose('/dev/video11', SIMULATED),
    (error) =>
      error instanceof StartError && /\/dev\/video11.*--encoder software/.test(error.message),
  );
});

test('auto takes the encoder of the Pi first, else the first one that fits', () => {
  assert.deepEqual(setUp([OTHER, PI]).choose('auto'), hardware(PI));
  assert.deepEqual(setUp([OTHER]).choose('auto'), hardware(OTHER));
});

test('auto passes over an encoder that takes no format of the capture device', () => {
  const { choose } = setUp([PI, OTHER], ['NV12']);
  assert.deepEqual(choose('auto'), hardware(OTHER));
});

test('formats that the pipeline cannot hand over do not count', () => {
  const { choose } = setUp([PI], ['AR24']);
  assert.deepEqual(choose('auto'), { kind: 'software' });
});

test('RGB goes to an encoder that takes it, JPEGs to one that takes what they are decoded to', () => {
  assert.deepEqual(setUp([PI], ['RGB3']).choose('auto'), hardware(PI));
  assert.deepEqual(setUp([OTHER, PI], ['MJPG']).choose('auto').kind, 'm2m');
  assert.deepEqual(setUp([OTHER], ['MJPG', 'RGB3']).choose('auto'), { kind: 'software' });
});

test('a capture device that is not there yet does not keep the encoder from being taken', () => {
  const { choose } = setUp([PI], new Error('ENOENT'));
  assert.deepEqual(choose('auto'), hardware(PI));
});

test('a device is never silently replaced', () => {
  const { choose } = setUp([OTHER]);
  assert.deepEqual(choose('/dev/video1'), hardware(OTHER));
  assert.throws(
    () => choose('/dev/video11'),
    (error) =>
      error instanceof StartError &&
      /\/dev\/video11 is no device that encodes H\.264 \(found: \/dev\/video1\)/.test(
        error.message,
      ),
  );
  assert.throws(() => setUp([]).choose('/dev/video11'), /found: none/);
  assert.throws(() => setUp([PI], ['NV12']).choose('/dev/video11'), /takes no picture format/);
});
