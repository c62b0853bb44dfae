import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { testEncoder } from './capture-rig.js';
import { SupervisedRig } from './supervised-rig.js';
import { press, replugVivid, resetVivid, setControls, setMode } from './vivid.js';

beforeEach(() => {
  resetVivid();
  setControls({ osd_text_mode: 0 });
});

for (const kind of ['software', 'm2m'] as const) {
  const encoder = () => (kind === 'm2m' ? testEncoder() : { kind });

  for (const fault of ['reqbufs', 'qbuf', 'streamon']) {
    test(`an error of VIDIOC_${fault.toUpperCase()} at a change of mode, ${kind} encoder: pictures again by themselves`, async (t) => {
      const rig = new SupervisedRig(t, encoder);
      await rig.untilMore();
      press(`inject_vidioc_${fault}_error`);
      setMode('1280x720');
      await rig.until('pictures of the new mode', () => rig.units.at(-1)?.width === 1280);
      await rig.untilMore();
    });
  }

  test(`a fatal streaming error, ${kind} encoder: pictures again by themselves, numbers go on`, async (t) => {
    const rig = new SupervisedRig(t, encoder);
    await rig.untilMore();
    press('inject_fatal_streaming_error');
    await rig.until('a failure', () => rig.failures.length > 0);
    await rig.untilMore();
    const numbers = rig.units.map((unit) => unit.number);
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
  });

  test(`a device that vanishes and is plugged in again, ${kind} encoder: no device is told, then pictures`, async (t) => {
    const rig = new SupervisedRig(t, encoder);
    await rig.untilMore();
    press('disconnect');
    await rig.until('a failure', () => rig.failures.length > 0);
    assert.equal(rig.failures[0]?.code, 'ENODEV');
    assert.equal(rig.signals.at(-1)?.state, 'no-device');
    replugVivid();
    resetVivid();
    await rig.until('a signal', () => rig.signals.at(-1)?.state === 'ok');
    await rig.untilMore();
  });
}
