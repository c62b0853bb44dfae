import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  createFrameBuffer,
  createPipeline,
  type FrameBuffer,
  type FrameBufferProducer,
  monotonicUs,
  openFrameBuffer,
  type Pipeline,
  type Quantizers,
  type Rect,
} from '../../native/index.js';
import type { Canvas } from './drawing.js';
import { Recorder } from './recorder.js';

export interface RigOptions {
  width?: number;
  height?: number;
  bitrateBps?: number;
  frameRate?: number;
  quantizers?: Quantizers;
}

/** A frame buffer with its producer in this thread, and a pipeline (not started) that reads it. */
export class Rig {
  readonly buffer: FrameBuffer = createFrameBuffer();
  readonly producer: FrameBufferProducer = openFrameBuffer(this.buffer.handle);
  readonly recorder = new Recorder();
  readonly pipeline: Pipeline;
  canvas: Canvas;

  constructor(options: RigOptions = {}) {
    this.canvas = this.setMode(options.width ?? 320, options.height ?? 240);
    this.pipeline = createPipeline(
      {
        source: this.buffer,
        encoder: { kind: 'software' },
        bitrateBps: options.bitrateBps ?? 2_000_000,
        frameRate: options.frameRate ?? 60,
        ...(options.quantizers === undefined ? {} : { quantizers: options.quantizers }),
      },
      this.recorder,
    );
  }

  setMode(width: number, height: number): Canvas {
    this.canvas = { pixels: this.producer.setMode(width, height), width, height };
    return this.canvas;
  }

  /** Waits until the pipeline has given the pixels back. */
  async acquire(): Promise<void> {
    while (!this.producer.acquire()) await nextTurn();
  }

  submit(ignore?: Rect): number {
    const timestampUs = monotonicUs();
    this.producer.submit(timestampUs, ignore);
    return timestampUs;
  }

  /** Draws and submits one picture; returns its capture time. */
  async show(draw: (canvas: Canvas) => void, ignore?: Rect): Promise<number> {
    await this.acquire();
    draw(this.canvas);
    return this.submit(ignore);
  }

  close(): void {
    this.pipeline.close();
    this.producer.close();
    this.buffer.close();
  }
}

/** A rig that is closed when the test ends, also when it fails: a running pipeline would keep the process alive. */
export function rigFor(t: TestContext, options: RigOptions = {}): Rig {
  const rig = new Rig(options);
  t.after(() => rig.close());
  return rig;
}
