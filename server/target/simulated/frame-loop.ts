import type { FrameBufferProducer } from '../../../native/index.js';
import type { HidFunction } from '../../hid/hid-port.js';
import { Canvas } from './canvas.js';
import type { Machine } from './machine.js';
import {
  BLOCK_PX,
  encodeMarks,
  MARK_BLACK,
  MARK_WHITE,
  PATCH,
  STRIP,
  STRIP_COLUMNS,
} from './test-marks.js';

const LAZY_MS = 10_000;

export interface FrameLoopOptions {
  machine: Machine;
  producer: FrameBufferProducer;
  frameRate: number;
  testMarks: boolean;
  /** The clock of capture times. */
  monotonicUs: () => number;
  /** Hears the capture time of each submitted frame. */
  submitted?: (timestampUs: number) => void;
}

/**
 * Brings the PC's time forward and its pictures into the frame buffer: at most `frameRate` a second, only when
 * pixels changed, and none while nobody watches. Holds no timer: step() says when it wants to be called again.
 */
export class FrameLoop {
  readonly #options: FrameLoopOptions;
  readonly #periodMs: number;
  #canvas: Canvas | undefined;
  #watched = false;
  /** The next frame may not come before this virtual time. */
  #nextFrameMs = 0;
  #frame = 0;
  #patchWhite = false;
  #patchDue = false;
  /** Drawn, but the strip and the submission are still to come. */
  #unsubmitted = false;

  constructor(options: FrameLoopOptions) {
    this.#options = options;
    this.#periodMs = 1000 / options.frameRate;
  }

  /** Frames handed to the pipeline so far. */
  get frames(): number {
    return this.#frame;
  }

  /** With true the next step() draws and submits the whole picture, also when it was watched before. */
  setWatched(watched: boolean): void {
    if (watched) {
      this.#options.machine.invalidate();
      this.#nextFrameMs = 0;
    }
    this.#watched = watched;
  }

  /** Hands an input report to the PC at virtual time `nowMs`. */
  receive(fn: HidFunction, bytes: Uint8Array, nowMs: number): void {
    const { machine, testMarks } = this.#options;
    machine.advanceTo(nowMs);
    machine.receive(fn, bytes);
    if (testMarks && this.#watched) this.#patchDue = true;
  }

  /** Runs the PC to virtual time `nowMs`, draws when due, and returns when it has something to do next. */
  step(nowMs: number): number {
    const { machine } = this.#options;
    machine.advanceTo(nowMs);
    if (!this.#watched) return this.#unwatchedDueMs(nowMs);
    if (this.#frameDueMs <= nowMs && this.#nextFrameMs <= nowMs) this.#frameAt(nowMs);
    return Math.min(machine.clock.nextMs, Math.max(this.#frameDueMs, this.#nextFrameMs));
  }

  /** Lazy timers wait for each other, but not so long that catching up would hold back the first picture. */
  #unwatchedDueMs(nowMs: number): number {
    const { clock } = this.#options.machine;
    return Math.min(clock.nextUrgentMs, Math.max(clock.nextMs, nowMs + LAZY_MS));
  }

  get #frameDueMs(): number {
    const { machine } = this.#options;
    if (machine.signal.state !== 'ok') return Number.POSITIVE_INFINITY;
    return this.#patchDue || this.#unsubmitted ? machine.clock.nowMs : machine.paintDueMs;
  }

  #frameAt(nowMs: number): void {
    // On a steady beat while frames follow each other, at once after a rest.
    const beat = this.#nextFrameMs + this.#periodMs;
    this.#nextFrameMs = beat > nowMs ? beat : nowMs + this.#periodMs;
    const canvas = this.#acquire();
    if (!canvas) return;
    const { machine, testMarks } = this.#options;
    if (machine.paint(canvas)) this.#unsubmitted = true;
    if (this.#patchDue) {
      this.#patchDue = false;
      this.#patchWhite = !this.#patchWhite;
      this.#unsubmitted = true;
    }
    if (!this.#unsubmitted) return;
    this.#unsubmitted = false;
    this.#frame++;
    const timestampUs = this.#options.monotonicUs();
    if (testMarks) {
      this.#drawMarks(canvas, timestampUs);
      this.#options.producer.submit(timestampUs, STRIP);
    } else {
      this.#options.producer.submit(timestampUs);
    }
    this.#options.submitted?.(timestampUs);
  }

  /** The pixels, in the size of the signal; undefined while the pipeline reads them. */
  #acquire(): Canvas | undefined {
    const { machine, producer } = this.#options;
    const { width, height } = machine.signal;
    if (this.#canvas?.width === width && this.#canvas.height === height) {
      return producer.acquire() ? this.#canvas : undefined;
    }
    this.#canvas = new Canvas(width, height, producer.setMode(width, height));
    return this.#canvas;
  }

  #drawMarks(canvas: Canvas, timestampUs: number): void {
    canvas.setClip();
    encodeMarks({ frame: this.#frame, timestampUs }).forEach((white, index) => {
      const x = STRIP.x + (index % STRIP_COLUMNS) * BLOCK_PX;
      const y = STRIP.y + Math.floor(index / STRIP_COLUMNS) * BLOCK_PX;
      canvas.fill(x, y, BLOCK_PX, BLOCK_PX, white ? MARK_WHITE : MARK_BLACK);
    });
    const { x, y, width, height } = PATCH;
    canvas.fill(x, y, width, height, this.#patchWhite ? MARK_WHITE : MARK_BLACK);
  }
}
