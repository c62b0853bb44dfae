import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { readEdid, writeEdid } from '../../../native/index.js';
import { silentLogger } from '../../../server/logger.js';
import { buildEdid } from '../../../server/video/edid/build-edid.js';
import { EdidKeeper } from '../../../server/video/edid/edid-keeper.js';
import { EDID_PRESETS } from '../../../server/video/edid/edid-presets.js';
import { edidProblems } from '../../../server/video/edid/edid-problems.js';
import { startRig } from './capture-rig.js';
import { CAPTURE, replugVivid, resetVivid } from './vivid.js';

beforeEach(resetVivid);

/** vivid is part of an HDMI tree: it writes its own physical address into the extension. */
function assertShows(edid: Uint8Array): void {
  const shown = readEdid(CAPTURE) ?? assert.fail('no EDID');
  assert.deepEqual(shown.subarray(0, 128), Buffer.from(edid.subarray(0, 128)));
  assert.deepEqual(edidProblems(shown), []);
}

test('every preset is set and read back; without an EDID there is no signal, with one there is', async (t) => {
  for (const preset of EDID_PRESETS) {
    const edid = buildEdid(preset, 'TEST');
    writeEdid(CAPTURE, edid);
    assertShows(edid);
  }
  writeEdid(CAPTURE, null);
  assert.equal(readEdid(CAPTURE), null);
  const rig = startRig(t);
  await rig.untilState('no-signal');
  writeEdid(CAPTURE, buildEdid('1280x720@60', 'TEST'));
  await rig.untilUnits(1);
  assert.deepEqual(rig.states, ['no-signal', 'ok']);
});

test('an EDID of more blocks than the device holds is refused by the kernel', () => {
  const wrong = { code: 'E2BIG', syscall: 'VIDIOC_S_EDID', path: CAPTURE };
  assert.throws(() => writeEdid(CAPTURE, new Uint8Array(128 * 256)), wrong);
  assert.notEqual(readEdid(CAPTURE), null);
});

test('an EDID that is changed while vivid streams, which it refuses, is shown with the next start; also to a new device', async (t) => {
  const [first, second] = [buildEdid('1280x720@60', 'A'), buildEdid('1920x1080@30', 'A')];
  const warnings: unknown[] = [];
  const logger = { ...silentLogger, warn: (context: object) => void warnings.push(context) };
  const keeper = new EdidKeeper(CAPTURE, first, logger);
  keeper.ensure();
  assertShows(first);
  const rig = startRig(t);
  await rig.untilUnits(1);
  keeper.change(second);
  assert.match(JSON.stringify(warnings), /EBUSY/);
  await rig.untilMoreUnits(1);
  rig.pipeline.close();
  keeper.ensure();
  assertShows(second);
  replugVivid();
  keeper.ensure();
  assertShows(second);
});
