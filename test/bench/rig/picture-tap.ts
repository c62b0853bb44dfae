import {
  createPipeline,
  monotonicUs,
  type NativeAccessUnit,
  type Pipeline,
} from '../../../native/index.js';
import { rtpTimestamp } from '../../../server/protocol/access-unit.js';

/** A coded picture as it passed the tap. */
export interface TappedPicture {
  timestampUs: number;
  /** When it came out of the pipeline, on the JavaScript thread; CLOCK_MONOTONIC in µs. */
  codedUs: number;
  encodeUs: number;
  bytes: number;
  keyframe: boolean;
}

/** Stands between pipeline and supervisor and notes each picture. */
export class PictureTap {
  /** By RTP timestamp: the name that the picture has in the page. */
  readonly pictures = new Map<number, TappedPicture>();
  /** Called with each unit, before the viewers get it. */
  listener: ((unit: NativeAccessUnit) => void) | null = null;
  /** What the encoder was last told to use. */
  bitrateBps = 0;
  #open = 0;

  /** Pipelines that run. */
  get running(): number {
    return this.#open;
  }

  readonly createPipeline: typeof createPipeline = (options, listener) => {
    this.bitrateBps = options.bitrateBps;
    const pipeline = createPipeline(options, {
      accessUnit: (unit) => {
        this.pictures.set(rtpTimestamp(unit.timestampUs), {
          timestampUs: unit.timestampUs,
          codedUs: monotonicUs(),
          encodeUs: unit.encodeUs,
          bytes: unit.data.length,
          keyframe: unit.keyframe,
        });
        this.listener?.(unit);
        listener.accessUnit(unit);
      },
      failed: (error) => listener.failed(error),
    });
    this.#open++;
    return this.#counted(pipeline);
  };

  #counted(pipeline: Pipeline): Pipeline {
    return {
      get state() {
        return pipeline.state;
      },
      start: () => pipeline.start(),
      requestKeyframe: () => pipeline.requestKeyframe(),
      setBitrate: (bitrateBps) => {
        this.bitrateBps = bitrateBps;
        pipeline.setBitrate(bitrateBps);
      },
      setFrameRate: (frameRate) => pipeline.setFrameRate(frameRate),
      setQuantizers: (quantizers) => pipeline.setQuantizers(quantizers),
      stats: () => pipeline.stats(),
      close: () => {
        if (pipeline.state !== 'closed') this.#open--;
        pipeline.close();
      },
    };
  }
}
