import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '../../native/decoding.js';
import { startRig, testEncoder } from './capture-rig.js';
import { reloadEncoder, resetVivid, setMode } from './vivid.js';

test('an encoder that rounds 1080 up to 1088 gets copies, says so once, and shows 1080', async (t) => {
  resetVivid();
  setMode('1920x1080');
  reloadEncoder(16);
  t.after(() => reloadEncoder(2));
  for (const pixelFormat of ['YU12', 'UYVY']) {
    const rig = startRig(t, { encoder: testEncoder(), pixelFormat });
    await rig.untilUnits(2);
    rig.pipeline.requestKeyframe();
    await rig.untilMoreUnits(3);
    const { copied, coded } = rig.pipeline.stats();
    assert.ok(copied >= coded, `${copied} copied, ${coded} coded`);
    assert.equal(rig.notices.filter((notice) => /each picture is copied/.test(notice)).length, 1);
    rig.pipeline.close();
    const pictures = decode(rig.units.slice(0, 2).map((unit) => unit.data));
    assert.deepEqual(
      pictures.map(({ width, height }) => [width, height]),
      [
        [1920, 1080],
        [1920, 1080],
      ],
    );
    assert.deepEqual([rig.unit(0).width, rig.unit(0).height], [1920, 1080]);
  }
});
