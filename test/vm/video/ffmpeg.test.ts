import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import { startRig, testEncoder } from './capture-rig.js';
import { decodeWithFfmpeg } from './decode.js';
import { CAPTURE, resetVivid, setControls, setMode } from './vivid.js';

const ALIGN = '/sys/module/h264_test_encoder/parameters/align';

beforeEach(resetVivid);

for (const kind of ['software', 'm2m'] as const) {
  const encoder = () => (kind === 'm2m' ? testEncoder() : { kind });

  for (const pixelFormat of ['YU12', 'UYVY']) {
    test(`moving ${pixelFormat} pictures, ${kind} encoder: ffmpeg decodes each`, async (t) => {
      setControls({ osd_text_mode: 0 });
      const rig = startRig(t, { encoder: encoder(), pixelFormat });
      await rig.untilUnits(20);
      rig.pipeline.close();
      decodeWithFfmpeg(rig.units);
    });
  }

  test(`modes that change while it streams, ${kind} encoder: ffmpeg decodes each picture of each`, async (t) => {
    setControls({ osd_text_mode: 0 });
    const rig = startRig(t, { encoder: encoder() });
    await rig.untilUnits(3);
    const starts = [0];
    for (const [mode, width] of [
      ['1280x720', 1280],
      ['640x480', 640],
      ['1280x720', 1280],
    ] as const) {
      const before = rig.units.length;
      setMode(mode);
      const first = () =>
        rig.units.findIndex((unit, index) => index >= before && unit.width === width);
      await rig.until(`pictures of ${mode}`, () => first() >= 0);
      starts.push(first());
      await rig.untilMoreUnits(3);
    }
    rig.pipeline.close();
    for (const [index, start] of starts.entries()) {
      decodeWithFfmpeg(rig.units.slice(start, starts[index + 1]));
    }
  });
}

test('an encoder with another layout (1088 lines of 1080): copied, counted, said once, bit-exact', async (t) => {
  writeFileSync(ALIGN, '16');
  t.after(() => writeFileSync(ALIGN, '2'));
  setMode('1920x1080');
  const original = rawPicture();
  const rig = startRig(t, { encoder: testEncoder(), pixelFormat: 'YU12' });
  await rig.untilUnits(4);
  assert.ok(rig.pipeline.stats().copied >= 4);
  rig.pipeline.close();
  assert.equal(rig.notices.filter((sentence) => /cop/.test(sentence)).length, 1);
  assert.deepEqual([rig.unit(0).width, rig.unit(0).height], [1920, 1080]);
  for (const picture of decodeWithFfmpeg(rig.units)) assert.ok(picture.equals(original));
});

/** One YU12 picture of the mode that the source sends, taken by another program. */
function rawPicture(): Buffer {
  const file = '/tmp/raw-picture';
  const device = ['-d', CAPTURE];
  execFileSync('v4l2-ctl', [...device, '--set-dv-bt-timings', 'query', '-v', 'pixelformat=YU12']);
  const stream = ['--stream-mmap=3', '--stream-count=1', `--stream-to=${file}`];
  execFileSync('v4l2-ctl', [...device, ...stream], { stdio: 'ignore' });
  return readFileSync(file);
}
