import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StartError } from '../../../server/errors.js';
import { silentLogger } from '../../../server/logger.js';
import { chooseEncoder, type EncoderDevices } from '../../../server/video/choose-encoder.js';

const SIMULATED = { kind: 'frame-buffer', handle: 1 } as const;
const CAPTURE = { kind: 'capture-device', path: '/dev/video0' } as const;

const PI = { path: '/dev/video11', name: 'bcm2835-codec', formats: ['YU12', 'UYVY', 'RGB3'] };
const OTHER = { path: '/dev/video1', name: 'another', formats: ['NV12', 'UYVY'] };

function setUp(encoders: Array<typeof PI>, formats: string[] | Error = ['UYVY', 'RGB3']) {
  const said: Array<[string, string]> = [];
  const say = (level: string) => (_: object, text: string) => void said.push([level, text]);
  const logger = { ...silentLogger, info: say('info'), warn: say('warn') };
  const devices: EncoderDevices = {
    listEncoders: () => encoders,
    captureFormats: () => {
      if (formats instanceof Error) throw formats;
      return formats;
    },
  };
  const choose = (option: string, source: typeof SIMULATED | typeof CAPTURE = CAPTURE) =>
    chooseEncoder(option, source, logger, devices);
  return { said, choose };
}

test('the simulated computer is coded in software; only auto says so', () => {
  const { said, choose } = setUp([PI]);
  assert.deepEqual(choose('software', SIMULATED), { kind: 'software' });
  assert.deepEqual(said, []);
  assert.deepEqual(choose('auto', SIMULATED), { kind: 'software' });
  assert.match(said.join(), /^info,.*software/);
  assert.throws(
    () => choose('/dev/video11', SIMULATED),
    (error) =>
      error instanceof StartError && /\/dev\/video11.*--encoder software/.test(error.message),
  );
});

test('auto takes the encoder of the Pi first, else the first one that fits', () => {
  const both = setUp([OTHER, PI]);
  assert.deepEqual(both.choose('auto'), { kind: 'm2m', path: '/dev/video11' });
  assert.match(both.said.join(), /^info,.*hardware/);
  assert.deepEqual(setUp([OTHER]).choose('auto'), { kind: 'm2m', path: '/dev/video1' });
});

test('auto passes over an encoder that takes no format of the capture device', () => {
  const { choose } = setUp([PI, OTHER], ['NV12']);
  assert.deepEqual(choose('auto'), { kind: 'm2m', path: '/dev/video1' });
});

test('formats that the pipeline cannot hand over do not count', () => {
  const { said, choose } = setUp([PI], ['AR24']);
  assert.deepEqual(choose('auto'), { kind: 'software' });
  assert.match(said.join(), /^warn,.*software, which keeps a processor core busy/);
});

test('RGB goes to an encoder that takes it, JPEGs to one that takes what they are decoded to', () => {
  assert.deepEqual(setUp([PI], ['RGB3']).choose('auto'), { kind: 'm2m', path: '/dev/video11' });
  assert.deepEqual(setUp([OTHER, PI], ['MJPG']).choose('auto').kind, 'm2m');
  assert.deepEqual(setUp([OTHER], ['MJPG', 'RGB3']).choose('auto'), { kind: 'software' });
});

test('without any encoder auto warns of the cost of software', () => {
  const { said, choose } = setUp([]);
  assert.deepEqual(choose('auto'), { kind: 'software' });
  assert.equal(said.length, 1);
  assert.equal(said[0]?.[0], 'warn');
});

test('a capture device that is not there yet does not keep the encoder from being taken', () => {
  const { choose } = setUp([PI], new Error('ENOENT'));
  assert.deepEqual(choose('auto'), { kind: 'm2m', path: '/dev/video11' });
});

test('a device is never silently replaced', () => {
  const { choose } = setUp([OTHER]);
  assert.deepEqual(choose('/dev/video1'), { kind: 'm2m', path: '/dev/video1' });
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
