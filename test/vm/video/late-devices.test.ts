import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { listEncoders } from '../../../native/index.js';
import { silentLogger } from '../../../server/logger.js';
import { EncoderChoice } from '../../../server/video/encoder-choice.js';
import { SupervisedRig } from './supervised-rig.js';
import {
  CAPTURE,
  loadEncoder,
  plugVivid,
  press,
  resetVivid,
  setControls,
  unplugVivid,
} from './vivid.js';

test('a capture device and an encoder that appear after the start are taken, and named once', async (t) => {
  execFileSync('modprobe', ['-r', 'h264_test_encoder']);
  t.after(() => {
    if (listEncoders().length === 0) loadEncoder();
  });
  unplugVivid();
  const said: string[] = [];
  const say = (context: object, text: string) => void said.push(JSON.stringify(context) + text);
  const choice = new EncoderChoice({
    option: 'auto',
    source: { kind: 'capture-device', path: CAPTURE },
    logger: { ...silentLogger, info: say, warn: say },
  });
  const taken: string[] = [];
  const rig = new SupervisedRig(t, () => {
    const encoder = choice.next();
    taken.push(encoder.kind);
    return encoder;
  });
  await rig.until('two pipelines without a device', () => rig.failures.length >= 2);
  assert.ok(rig.failures.every(({ code }) => code === 'ENODEV'));
  plugVivid();
  resetVivid();
  setControls({ osd_text_mode: 0 });
  await rig.untilMore();
  assert.deepEqual(new Set(taken), new Set(['software']));
  assert.equal(said.length, 1);
  assert.match(said[0] ?? '', /\/dev\/video0.*in software, which keeps a processor core busy/);

  loadEncoder();
  // The next pipeline, for whatever reason there is one.
  press('inject_fatal_streaming_error');
  await rig.until('a pipeline with the encoder', () => taken.at(-1) === 'm2m');
  await rig.untilMore();
  assert.equal(said.length, 2);
  const { path, name } = listEncoders()[0] ?? assert.fail('no encoder');
  assert.equal(said[1], `${JSON.stringify({ encoder: path, name })}coding H.264 in hardware`);
});
