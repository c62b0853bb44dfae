import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { startRig, testEncoder } from './capture-rig.js';
import { decodeWithFfmpeg } from './decode.js';
import { rawPicture } from './raw-picture.js';
import { reloadEncoder, resetVivid, setMode } from './vivid.js';

beforeEach(resetVivid);

for (const pixelFormat of ['YU12', 'UYVY']) {
  test(`an encoder that rounds 1080 up to 1088 gets copies of ${pixelFormat}, says so once, and shows 1080`, async (t) => {
    reloadEncoder(16);
    t.after(() => reloadEncoder(2));
    setMode('1920x1080');
    const original = rawPicture('YU12');
    const rig = startRig(t, { encoder: testEncoder(), pixelFormat });
    await rig.untilUnits(2);
    rig.pipeline.requestKeyframe();
    await rig.untilMoreUnits(3);
    const { copied, coded } = rig.pipeline.stats();
    assert.ok(copied >= coded, `${copied} copied, ${coded} coded`);
    rig.pipeline.close();
    assert.equal(rig.notices.filter((notice) => /each picture is copied/.test(notice)).length, 1);
    assert.deepEqual([rig.unit(0).width, rig.unit(0).height], [1920, 1080]);
    const pictures = decodeWithFfmpeg(rig.units);
    // UYVY has twice the rows of chroma: what the encoder makes of them is its own affair, luma is not.
    const exact = pixelFormat === 'YU12' ? original.length : 1920 * 1080;
    for (const picture of pictures) {
      assert.ok(picture.subarray(0, exact).equals(original.subarray(0, exact)));
    }
  });
}
