import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { decode } from '../../native/decoding.js';
import { startRig, testEncoder } from './capture-rig.js';
import { resetVivid, SIGNAL, setControls, setMode } from './vivid.js';

beforeEach(resetVivid);

for (const name of ['software', 'hardware']) {
  const options = () => (name === 'hardware' ? { encoder: testEncoder() } : {});

  test(`${name}: a change of mode is told before its first picture, which is a keyframe`, async (t) => {
    const rig = startRig(t, options());
    await rig.untilUnits(2);
    for (const [mode, width] of [
      ['1280x720', 1280],
      ['640x480', 640],
    ] as const) {
      setMode(mode);
      await rig.until(`a picture of ${mode}`, () => rig.units.at(-1)?.width === width);
      const first = rig.units.findLastIndex((unit) => unit.width !== width) + 1;
      assert.equal(rig.unit(first).keyframe, true);
      assert.equal(rig.signals.at(-1)?.width, width);
      const told = rig.unitsAtSignal.at(-1) ?? 0;
      assert.ok(told <= first, `told after ${told} pictures, the new mode began with ${first}`);
    }
    const units = [...rig.units];
    const widths = decode(units.map((unit) => unit.data)).map((picture) => picture.width);
    assert.deepEqual(
      widths,
      units.map((unit) => unit.width),
    );
    assert.deepEqual(rig.failures, []);
  });

  test(`${name}: a signal that comes back in the same mode begins with a keyframe`, async (t) => {
    const rig = startRig(t, options());
    await rig.untilUnits(2);
    setControls({ dv_timings_signal_mode: SIGNAL.noLock });
    await rig.untilState('no-sync');
    assert.deepEqual(rig.signals.at(-1), { state: 'no-sync', width: 0, height: 0, frameRate: 0 });
    const before = rig.units.length;
    setControls({ dv_timings_signal_mode: SIGNAL.ok });
    await rig.untilUnits(before + 2);
    assert.equal(rig.unit(before).keyframe, true);
    assert.deepEqual(rig.states, ['ok', 'no-sync', 'ok']);
    assert.equal(rig.pipeline.state, 'running');
  });
}
