import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { decode } from '../../native/decoding.js';
import { startRig, testEncoder } from './capture-rig.js';
import { resetVivid, SIGNAL, setControls, setMode } from './vivid.js';

beforeEach(resetVivid);

const NOTHING = { width: 0, height: 0, frameRate: 0 };

for (const name of ['software', 'hardware'] as const) {
  const options = () =>
    name === 'hardware' ? { encoder: testEncoder() } : { encoder: { kind: 'software' as const } };

  test(`${name}: every signal state is told, the pipeline waits and comes back with a keyframe`, async (t) => {
    const rig = startRig(t, options());
    await rig.untilUnits(2);
    const { state, width, height, frameRate } = rig.signals[0] ?? assert.fail('no signal');
    assert.deepEqual([state, width, height], ['ok', 640, 480]);
    assert.ok(Math.abs(frameRate - 59.94) < 0.01, `${frameRate}`);
    // vivid takes the 5 V of the cable away together with the signal.
    const losses = [
      [SIGNAL.none, 'no-cable'],
      [SIGNAL.noLock, 'no-sync'],
      [SIGNAL.outOfRange, 'unsupported-timings'],
    ] as const;
    for (const [signal, expected] of losses) {
      setControls({ dv_timings_signal_mode: signal });
      await rig.untilState(expected);
      assert.deepEqual(rig.signals.at(-1), { state: expected, ...NOTHING });
    }
    const before = rig.units.length;
    setControls({ dv_timings_signal_mode: SIGNAL.ok });
    await rig.untilState('ok');
    await rig.untilUnits(before + 2);
    assert.equal(rig.unit(before).keyframe, true);
    assert.equal(rig.pipeline.state, 'running');
    assert.deepEqual(rig.states, ['ok', 'no-cable', 'no-sync', 'unsupported-timings', 'ok']);
  });

  test(`${name}: a change of mode while streaming: the signal, then a keyframe of the new size`, async (t) => {
    const rig = startRig(t, options());
    await rig.untilUnits(2);
    for (const [mode, width] of [
      ['1280x720', 1280],
      ['640x480', 640],
      ['1920x1080', 1920],
    ] as const) {
      setMode(mode);
      await rig.until(`a picture of ${mode}`, () => rig.units.at(-1)?.width === width);
      const first = rig.units.findLastIndex((unit) => unit.width !== width) + 1;
      assert.equal(rig.unit(first).keyframe, true);
      assert.equal(rig.signals.at(-1)?.width, width);
      const told = rig.unitsAtSignal.at(-1) ?? 0;
      assert.ok(told <= first, `told after ${told} pictures, the new mode began with ${first}`);
    }
    const sizes = decode(rig.units.map((unit) => unit.data)).map((picture) => picture.width);
    assert.deepEqual(
      sizes,
      rig.units.map((unit) => unit.width),
    );
    assert.deepEqual(rig.failures, []);
  });
}
