import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { startRig, testEncoder } from './capture-rig.js';
import { resetVivid, setControls } from './vivid.js';

/** wrap_timestamp: the driver's clock starts 16 s before it runs over. */
const WRAP = { no: 0, of64Bits: 1, of32Bits: 2 } as const;
/** Where the kernel's nanoseconds in 64 bits, signed, and seconds in 32 bits run over, in microseconds. */
const END_US = { of64Bits: 2 ** 63 / 1e3, of32Bits: 2 ** 31 * 1e6 } as const;
/** How far a picture is from the end when the wait for it begins anew. */
const LATE_US = 5e6;
/** What the pipeline puts between pictures whose clock stands still or goes back, and no source does. */
const SMALL_STEP_US = 100;

beforeEach(() => {
  resetVivid();
  setControls({ osd_text_mode: 0 });
});

for (const [kind, bits] of [
  ['m2m', 'of64Bits'],
  ['software', 'of64Bits'],
  ['m2m', 'of32Bits'],
] as const) {
  test(`a clock ${bits} that runs over, ${kind} encoder: every picture is later than the one before`, async (t) => {
    t.after(() => setControls({ wrap_timestamp: WRAP.no }));
    setControls({ wrap_timestamp: WRAP[bits] });
    const rig = startRig(t, { encoder: kind === 'm2m' ? testEncoder() : { kind } });
    const timeUs = (index: number) => rig.units.at(index)?.timestampUs ?? 0;
    await rig.until('late pictures', () => timeUs(-1) > END_US[bits] - LATE_US);
    const isOver = () => timeUs(-1) > END_US[bits] || timeUs(-1) - timeUs(-2) < SMALL_STEP_US;
    await rig.until('the end of the clock', isOver);
    await rig.untilMoreUnits(10);
    rig.pipeline.close();
    assert.deepEqual(rig.failures, []);
    const times = rig.units.map((unit) => unit.timestampUs);
    const later = times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0));
    assert.ok(later, times.join());
  });
}

test('a picture counter that runs over does not count as pictures missed', async (t) => {
  t.after(() => setControls({ wrap_sequence_number: 0 }));
  setControls({ wrap_sequence_number: 1 });
  const rig = startRig(t);
  // It starts 128 pictures before its end.
  const seen = () => rig.pipeline.stats().captured + rig.pipeline.stats().missed;
  await rig.until('200 pictures', () => seen() > 200);
  assert.ok(seen() < 1000, `${rig.pipeline.stats().missed} missed`);
  assert.deepEqual(rig.failures, []);
});
