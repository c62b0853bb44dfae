import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '../../native/decoding.js';
import { rigFor } from '../../native/rig.js';

test('the addon loads and its software pipeline codes pictures', async (t) => {
  const rig = rigFor(t, { width: 320, height: 240 });
  rig.pipeline.start();
  for (let picture = 0; picture < 3; picture++) {
    await rig.show((canvas) => canvas.pixels.fill(0x102030 * (picture + 1)));
    await rig.recorder.untilUnits(picture + 1);
  }
  const pictures = decode(rig.recorder.units.map((unit) => unit.data));
  assert.deepEqual([pictures[0]?.width, pictures[0]?.height], [320, 240]);
  assert.ok(pictures.length >= 3);
});
