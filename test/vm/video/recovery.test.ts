import assert from 'node:assert/strict';
import { beforeEach, type TestContext, test } from 'node:test';
import { createPipeline, type EncoderOptions, type NativeSignal } from '../../../native/index.js';
import { silentLogger } from '../../../server/logger.js';
import type { AccessUnit } from '../../../server/protocol/access-unit.js';
import { systemTimers } from '../../../server/video/keyframe-policy.js';
import { VideoSupervisor } from '../../../server/video/video-supervisor.js';
import { until } from '../../e2e/until.js';
import { testEncoder } from './capture-rig.js';
import { CAPTURE, press, replugVivid, resetVivid, setControls, setMode } from './vivid.js';

beforeEach(() => {
  resetVivid();
  setControls({ osd_text_mode: 0 });
});

/** The appliance's own supervisor over pipelines that capture from vivid, and one viewer. */
class SupervisedRig {
  readonly units: AccessUnit[] = [];
  readonly signals: NativeSignal[] = [];
  readonly failures: NodeJS.ErrnoException[] = [];

  constructor(t: TestContext, encoder: EncoderOptions) {
    const supervisor = new VideoSupervisor({
      createPipeline: ({ failed, ...listener }) =>
        createPipeline(
          {
            source: { kind: 'capture-device', path: CAPTURE },
            encoder,
            bitrateBps: 4_000_000,
            frameRate: 60,
          },
          {
            ...listener,
            failed: (error) => {
              this.failures.push(error);
              failed(error);
            },
          },
        ),
      setWatched: () => {},
      signal: (signal) => void this.signals.push(signal),
      changed: () => {},
      timers: systemTimers,
      logger: silentLogger,
    });
    t.after(() => supervisor.close());
    supervisor.subscribe({ accessUnit: (unit) => void this.units.push(unit) });
  }

  /** Waits for pictures that come from now on. */
  async untilMore(): Promise<void> {
    const goal = this.units.length + 5;
    await until('more pictures', () => this.units.length >= goal);
  }
}

for (const kind of ['software', 'm2m'] as const) {
  const encoder = () => (kind === 'm2m' ? testEncoder() : { kind });

  for (const fault of ['reqbufs', 'qbuf', 'streamon']) {
    test(`an error of VIDIOC_${fault.toUpperCase()} at a change of mode, ${kind} encoder: pictures again by themselves`, async (t) => {
      const rig = new SupervisedRig(t, encoder());
      await rig.untilMore();
      press(`inject_vidioc_${fault}_error`);
      setMode('1280x720');
      await until('pictures of the new mode', () => rig.units.at(-1)?.width === 1280);
      await rig.untilMore();
    });
  }

  test(`a fatal streaming error, ${kind} encoder: pictures again by themselves, numbers go on`, async (t) => {
    const rig = new SupervisedRig(t, encoder());
    await rig.untilMore();
    press('inject_fatal_streaming_error');
    await until('a failure', () => rig.failures.length > 0);
    await rig.untilMore();
    const numbers = rig.units.map((unit) => unit.number);
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    );
  });

  test(`a device that vanishes and is plugged in again, ${kind} encoder: no device is told, then pictures`, async (t) => {
    const rig = new SupervisedRig(t, encoder());
    await rig.untilMore();
    press('disconnect');
    await until('a failure', () => rig.failures.length > 0);
    assert.equal(rig.failures[0]?.code, 'ENODEV');
    assert.equal(rig.signals.at(-1)?.state, 'no-device');
    replugVivid();
    resetVivid();
    await until('a signal', () => rig.signals.at(-1)?.state === 'ok');
    await rig.untilMore();
  });
}
