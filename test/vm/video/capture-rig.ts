import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import {
  createPipeline,
  type EncoderOptions,
  listEncoders,
  type NativeSignal,
  type Pipeline,
  type PipelineListener,
} from '../../../native/index.js';
import { Recorder } from '../../native/recorder.js';
import { CAPTURE } from './vivid.js';

/** Our encoder; the nodes of its decoders advertise H.264 too, but do not make it. */
export function testEncoder(): EncoderOptions & { kind: 'm2m' } {
  const encoder = listEncoders()[0];
  assert.ok(encoder, 'no H.264 encoder');
  return { kind: 'm2m', path: encoder.path };
}

export interface CaptureRigOptions {
  path?: string;
  encoder?: EncoderOptions;
  pixelFormat?: string;
}

/** A pipeline (not started) that reads a capture device, and everything that it says. */
export class CaptureRig extends Recorder implements PipelineListener {
  readonly pipeline: Pipeline;
  readonly signals: NativeSignal[] = [];
  readonly notices: string[] = [];
  /** How many units had come when each signal was told. */
  readonly unitsAtSignal: number[] = [];

  constructor(options: CaptureRigOptions = {}) {
    super();
    const { pixelFormat } = options;
    this.pipeline = createPipeline(
      {
        source: {
          kind: 'capture-device',
          path: options.path ?? CAPTURE,
          ...(pixelFormat === undefined ? {} : { pixelFormat }),
        },
        encoder: options.encoder ?? { kind: 'software' },
        bitrateBps: 4_000_000,
        frameRate: 60,
      },
      this,
    );
  }

  signal(signal: NativeSignal): void {
    this.signals.push(signal);
    this.unitsAtSignal.push(this.units.length);
    this.checkNow();
  }

  notice(sentence: string): void {
    this.notices.push(sentence);
    this.checkNow();
  }

  get states(): NativeSignal['state'][] {
    return this.signals.map((signal) => signal.state);
  }

  async untilState(state: NativeSignal['state']): Promise<void> {
    await this.until(`signal ${state}`, () => this.signals.at(-1)?.state === state);
  }

  async untilMoreUnits(count: number): Promise<void> {
    await this.untilUnits(this.units.length + count);
  }

  async untilFailure(): Promise<NodeJS.ErrnoException> {
    await this.until('a failure', () => this.failures.length > 0);
    return this.failures[0] as NodeJS.ErrnoException;
  }
}

/** A started rig that is closed when the test ends. */
export function startRig(t: TestContext, options: CaptureRigOptions = {}): CaptureRig {
  const rig = new CaptureRig(options);
  t.after(() => rig.pipeline.close());
  rig.pipeline.start();
  return rig;
}
