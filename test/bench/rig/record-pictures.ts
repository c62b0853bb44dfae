import { createPipeline, type NativeAccessUnit } from '../../../native/index.js';
import type { Logger } from '../../../server/logger.js';
import { createSimulatedTarget } from '../../../server/target/simulated/simulated-target.js';
import type { StageName } from '../../../server/target/simulated/stage.js';
import { until } from '../../e2e/until.js';
import type { RecordedPictures } from './picture-file.js';

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export interface Recording {
  stage: StageName;
  bitrateBps: number;
  /** Of target and encoder. */
  frameRate: number;
  seconds: number;
  /** A desktop is cheap to code: keyframes this often, in pictures, make the bits of a film. */
  keyframeEvery?: number;
}

/** Records what the real pipeline makes of the simulated target. */
export async function recordPictures(recording: Recording): Promise<RecordedPictures> {
  const { stage, bitrateBps, frameRate, seconds, keyframeEvery } = recording;
  const target = await createSimulatedTarget({
    seed: 1,
    testMarks: false,
    recordLog: true,
    frameRate,
    logger: SILENT,
  });
  try {
    await target.bootTo(stage);
    const units: NativeAccessUnit[] = [];
    let failure: Error | null = null;
    const pipeline = createPipeline(
      { source: target.videoSource, encoder: { kind: 'software' }, bitrateBps, frameRate },
      {
        accessUnit: (unit) => {
          units.push(unit);
          if (keyframeEvery && units.length % keyframeEvery === 0) pipeline.requestKeyframe();
        },
        failed: (error) => {
          failure = error;
        },
      },
    );
    try {
      pipeline.start();
      target.setWatched(true);
      const wanted = seconds * frameRate;
      await until('recorded pictures', () => failure ?? units.length >= wanted);
    } finally {
      pipeline.close();
    }
    if (failure) throw failure;
    const [first] = units;
    if (!first?.keyframe) throw new Error('the recording does not begin with a keyframe');
    const { width, height } = first;
    return { width, height, frameRate, units };
  } finally {
    await target.close();
  }
}
