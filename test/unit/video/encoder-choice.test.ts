import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EncoderDevice, PipelineOptions } from '../../../native/index.js';
import { StartError } from '../../../server/errors.js';
import { silentLogger } from '../../../server/logger.js';
import { EncoderChoice } from '../../../server/video/encoder-choice.js';

const SIMULATED = { kind: 'frame-buffer', handle: 1 } as const;
const CAPTURE = { kind: 'capture-device', path: '/dev/video0' } as const;
const PI = { path: '/dev/video11', name: 'bcm2835-codec', formats: ['YU12', 'UYVY'] };
const OTHER = { path: '/dev/video1', name: 'another', formats: ['NV12'] };

/** A machine whose devices come and go. */
function setUp(option: string, source: PipelineOptions['source'] = CAPTURE) {
  const machine = { encoders: [] as EncoderDevice[], formats: null as string[] | null, looks: 0 };
  const said: string[] = [];
  const say = (level: string) => (context: object, text: string) =>
    void said.push(`${level} ${JSON.stringify(context)} ${text}`);
  const logger = { ...silentLogger, info: say('info'), warn: say('warn') };
  const devices = {
    listEncoders: () => {
      machine.looks++;
      return machine.encoders;
    },
    captureFormats: () => {
      if (!machine.formats) throw new Error('ENOENT');
      return machine.formats;
    },
  };
  const create = () => new EncoderChoice({ option, source, logger, devices });
  return { machine, said, create };
}

test('an encoder that appears after the start is taken by the next pipeline, one that goes is not; each is told once', () => {
  const { machine, said, create } = setUp('auto');
  machine.formats = ['UYVY'];
  const choice = create();
  const kinds = () => [choice.next(), choice.next()].map(({ kind }) => kind);
  assert.deepEqual(kinds(), ['software', 'software']);
  assert.match(
    said.join('\n'),
    /^warn .*\/dev\/video0.* software, which keeps a processor core busy/,
  );
  machine.encoders = [PI];
  assert.deepEqual(kinds(), ['m2m', 'm2m']);
  assert.equal(said.length, 2);
  assert.match(said[1] ?? '', /^info .*\/dev\/video11.*bcm2835-codec.* in hardware/);
  machine.encoders = [];
  assert.deepEqual(kinds(), ['software', 'software']);
  assert.equal(said.length, 3);
});

test('a capture device that appears after the start decides anew which encoder fits', () => {
  const { machine, said, create } = setUp('auto');
  machine.encoders = [OTHER, PI];
  const choice = create();
  const path = () => {
    const encoder = choice.next();
    return encoder.kind === 'm2m' ? encoder.path : null;
  };
  assert.equal(path(), PI.path);
  machine.formats = ['NV12'];
  assert.equal(path(), OTHER.path);
  machine.formats = ['AR24'];
  assert.equal(path(), null);
  assert.equal(said.length, 3);
});

test('what was asked for is decided at the start, and nothing is looked at or said after it', () => {
  const named = setUp(PI.path);
  assert.throws(named.create, StartError);
  named.machine.encoders = [PI];
  const choice = named.create();
  const { looks } = named.machine;
  named.machine.encoders = [];
  const encoder = choice.next();
  assert.equal(encoder.kind === 'm2m' && encoder.path, PI.path);
  assert.equal(named.machine.looks, looks);
  assert.deepEqual(named.said, []);
  const software = setUp('software');
  software.machine.encoders = [PI];
  assert.deepEqual(software.create().next(), { kind: 'software' });
  assert.deepEqual(software.said, []);
});

test('the simulated computer is coded in software, which auto says once', () => {
  const { machine, said, create } = setUp('auto', SIMULATED);
  machine.encoders = [PI];
  const choice = create();
  assert.deepEqual([choice.next(), choice.next()], [{ kind: 'software' }, { kind: 'software' }]);
  assert.match(said.join('\n'), /^info \{\} coding H\.264 in software: fine on a desktop core/);
  assert.equal(said.length, 1);
  assert.equal(machine.looks, 0);
});
