import type { TestContext } from 'node:test';
import { createPipeline, type EncoderOptions, type NativeSignal } from '../../../native/index.js';
import { silentLogger } from '../../../server/logger.js';
import type { AccessUnit } from '../../../server/protocol/access-unit.js';
import { systemTimers } from '../../../server/video/keyframe-policy.js';
import { VideoSupervisor } from '../../../server/video/video-supervisor.js';
import { until } from '../../e2e/until.js';
import { CAPTURE } from './vivid.js';

const DEADLINE_MS = 60_000;

/** The appliance's own supervisor over pipelines that capture from vivid, and one viewer. */
export class SupervisedRig {
  readonly units: AccessUnit[] = [];
  readonly signals: NativeSignal[] = [];
  readonly failures: NodeJS.ErrnoException[] = [];

  /** `encoder` is asked for each pipeline. */
  constructor(t: TestContext, encoder: () => EncoderOptions) {
    const supervisor = new VideoSupervisor({
      createPipeline: ({ failed, ...listener }) =>
        createPipeline(
          {
            source: { kind: 'capture-device', path: CAPTURE },
            encoder: encoder(),
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

  /** The machine is slow, and a restart waits for up to 5 s. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const told = () => `${this.units.length} pictures, failures: ${this.failures.join('; ')}`;
    await until(what, condition, told, DEADLINE_MS);
  }

  /** Waits for pictures that come from now on. */
  async untilMore(): Promise<void> {
    const goal = this.units.length + 5;
    await this.until('more pictures', () => this.units.length >= goal);
  }
}
