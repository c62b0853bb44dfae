import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, test } from 'node:test';
import { NAL, nalType, nalUnits, sequenceParameters } from '../../native/annex-b.js';
import { decode } from '../../native/decoding.js';
import { type CaptureRig, startRig, testEncoder } from './capture-rig.js';

import { resetVivid, setControls } from './vivid.js';

/** vivid's menus; 0 of the second is what the first implies. */
const COLORSPACE = { bt601: 0, bt709: 1, srgb: 2 } as const;
const QUANTIZATION = { implied: 0, full: 1, limited: 2 } as const;

beforeEach(resetVivid);
afterEach(() => setControls({ colorspace: COLORSPACE.srgb, quantization: QUANTIZATION.implied }));

/** What the first picture's parameter set says. */
function toldBy(rig: CaptureRig): [matrix: number, fullRange: boolean] {
  const sps = nalUnits(rig.unit(0).data).find((unit) => nalType(unit) === NAL.sps);
  const { matrix, fullRange } = sequenceParameters(sps ?? assert.fail('no parameter set'));
  return [matrix, fullRange];
}

/** What ffmpeg's programs make of it. */
function probed(rig: CaptureRig): string {
  const fields = 'stream=has_b_frames,color_range,color_space,color_transfer,color_primaries';
  const { stdout, stderr } = spawnSync(
    'ffprobe',
    ['-v', 'error', '-f', 'h264', '-show_entries', fields, '-of', 'csv=p=0', '-i', 'pipe:0'],
    { input: Buffer.concat(rig.units.map((unit) => unit.data)), encoding: 'utf8' },
  );
  assert.equal(stderr, '');
  return stdout.trim();
}

for (const [source, colorspace, quantization, told, expected] of [
  ['BT.601, limited', 'bt601', 'limited', [6, false], '0,tv,smpte170m,smpte170m,smpte170m'],
  ['BT.601, full range', 'bt601', 'full', [6, true], '0,pc,smpte170m,smpte170m,smpte170m'],
  ['BT.709, limited', 'bt709', 'limited', [1, false], '0,tv,bt709,bt709,bt709'],
] as const) {
  for (const kind of ['m2m', 'software'] as const) {
    test(`${source}, ${kind} encoder: the stream says so, and that no picture waits for another`, async (t) => {
      setControls({ colorspace: COLORSPACE[colorspace], quantization: QUANTIZATION[quantization] });
      const encoder = kind === 'm2m' ? testEncoder() : { kind };
      const rig = startRig(t, { encoder, pixelFormat: 'UYVY' });
      await rig.untilUnits(4);
      rig.pipeline.close();
      assert.deepEqual(toldBy(rig), told);
      assert.equal(probed(rig), expected);
      assert.equal(decode(rig.units.map((unit) => unit.data)).length, rig.units.length);
    });
  }
}
