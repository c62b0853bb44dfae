import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  createFrameBuffer,
  type FrameBuffer,
  type FrameBufferSource,
} from '../../../native/index.js';
import type { HidPort } from '../../hid/hid-port.js';
import type { Logger } from '../../logger.js';
import type { Target, VideoSignal } from '../target.js';
import { SimulatedHidPort } from './simulated-hid-port.js';
import type { StageName } from './stage.js';
import type {
  FromWorker,
  LoggedReport,
  TestQuestion,
  ToWorker,
  WorkerSettings,
} from './worker-protocol.js';

export interface SimulatedTargetOptions {
  /** Same seed, same PC: pictures differ only by input and time. */
  seed: number;
  /** Draws the marks of test-marks.ts into the picture. */
  testMarks: boolean;
  /** Keeps reports and typed text for tests, and lets them steer the PC. Never set in an installed program. */
  recordLog: boolean;
  /** Pictures per second of its video output at most; 60 if not given. */
  frameRate?: number;
  logger: Logger;
}

const DEFAULT_FRAME_RATE = 60;
const CLOSE_DEADLINE_MS = 1000;
const NO_SIGNAL: VideoSignal = { state: 'no-signal', width: 0, height: 0, frameRate: 0 };
const NO_DEVICE: VideoSignal = { state: 'no-device', width: 0, height: 0, frameRate: 0 };

interface Question {
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
}

/**
 * A small PC drawn in software, behind the interface of the hardware target. It runs in a worker thread of its own
 * and boots by itself when made; the main thread only carries reports and news. Owns worker and frame buffer.
 */
export class SimulatedTarget implements Target {
  readonly kind = 'simulated';
  readonly hid: HidPort;
  readonly #port: SimulatedHidPort;
  readonly #worker: Worker;
  readonly #frameBuffer: FrameBuffer;
  readonly #recordLog: boolean;
  readonly #logger: Logger;
  readonly #listeners = new Set<(signal: VideoSignal) => void>();
  readonly #questions = new Map<number, Question>();
  #questionId = 0;
  #signal = NO_SIGNAL;
  #ended: Error | undefined;
  #closing: Promise<void> | undefined;

  /** Use {@link createSimulatedTarget}. Takes ownership of worker and frame buffer. */
  constructor(worker: Worker, frameBuffer: FrameBuffer, options: SimulatedTargetOptions) {
    this.#worker = worker;
    this.#frameBuffer = frameBuffer;
    this.#recordLog = options.recordLog;
    this.#logger = options.logger;
    this.#port = new SimulatedHidPort((fn, bytes) => this.#post({ type: 'report', fn, bytes }));
    this.hid = this.#port;
    worker.on('message', (message: FromWorker) => this.#hear(message));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#end(new Error('the simulated target has ended')));
  }

  get signal(): VideoSignal {
    return this.#signal;
  }

  get videoSource(): FrameBufferSource {
    return this.#frameBuffer;
  }

  onSignal(listener: (signal: VideoSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setWatched(watched: boolean): void {
    this.#post({ type: 'watched', watched });
  }

  /** The reports that the PC got, in order. Only with `recordLog`. */
  log(): Promise<LoggedReport[]> {
    return this.#ask({ kind: 'log' }) as Promise<LoggedReport[]>;
  }

  /** The characters that the PC's operating system got from its keyboard. Only with `recordLog`. */
  typedText(): Promise<string> {
    return this.#ask({ kind: 'typed-text' }) as Promise<string>;
  }

  /** Readable text of the PC's screen. Only with `recordLog`. */
  screenText(): Promise<string> {
    return this.#ask({ kind: 'screen-text' }) as Promise<string>;
  }

  /** Frames drawn and handed over so far. Only with `recordLog`. */
  frames(): Promise<number> {
    return this.#ask({ kind: 'frames' }) as Promise<number>;
  }

  /** Capture times (µs) of the frames handed over since the last call. Only with `recordLog`. */
  frameTimesUs(): Promise<number[]> {
    return this.#ask({ kind: 'frame-times' }) as Promise<number[]>;
  }

  /** Restarts the PC straight into a stage; resolves when it is on the screen. Only with `recordLog`. */
  async bootTo(stage: StageName): Promise<void> {
    await this.#ask({ kind: 'boot-to', stage });
  }

  /** Ends the worker and closes the frame buffer. Idempotent; open questions are rejected. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (!this.#ended) {
      const exited = once(this.#worker, 'exit');
      this.#post({ type: 'close' });
      const deadline = setTimeout(() => void this.#worker.terminate(), CLOSE_DEADLINE_MS);
      await exited;
      clearTimeout(deadline);
    }
    this.#frameBuffer.close();
  }

  #post(message: ToWorker): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }

  async #ask(question: TestQuestion): Promise<unknown> {
    if (!this.#recordLog) throw new Error('the simulated target keeps no log: recordLog is off');
    if (this.#closing !== undefined || this.#ended)
      throw new Error('the simulated target is closed');
    const id = this.#questionId++;
    return new Promise((resolve, reject) => {
      this.#questions.set(id, { resolve, reject });
      this.#post({ type: 'test', id, question });
    });
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        break;
      case 'signal':
        this.#setSignal(message.signal);
        break;
      case 'hid-state':
        this.#port.setState(message.state);
        break;
      case 'leds':
        this.#port.ledReport(message.bits);
        break;
      case 'polled':
        this.#port.polled(message.fn);
        break;
      case 'test':
        this.#questions.get(message.id)?.resolve(message.answer);
        this.#questions.delete(message.id);
        break;
    }
  }

  #setSignal(signal: VideoSignal): void {
    this.#signal = signal;
    for (const listener of this.#listeners) listener(signal);
  }

  #fail(error: Error): void {
    this.#logger.error({ err: error }, 'the simulated target failed');
    this.#end(error);
  }

  #end(error: Error): void {
    if (this.#ended) return;
    this.#ended = error;
    for (const { reject } of this.#questions.values()) reject(error);
    this.#questions.clear();
    if (this.#closing !== undefined) return;
    this.#port.setState('unbound');
    this.#setSignal(NO_DEVICE);
  }
}

/** Makes the PC and its frame buffer and waits until its worker runs. Rejects when the worker cannot start. */
export async function createSimulatedTarget(
  options: SimulatedTargetOptions,
): Promise<SimulatedTarget> {
  const frameBuffer = createFrameBuffer();
  const settings: WorkerSettings = {
    handle: frameBuffer.handle,
    seed: options.seed,
    frameRate: options.frameRate ?? DEFAULT_FRAME_RATE,
    testMarks: options.testMarks,
    recordLog: options.recordLog,
  };
  const worker = new Worker(new URL('./simulated-worker.js', import.meta.url), {
    workerData: settings,
    name: 'simulated-target',
  });
  const target = new SimulatedTarget(worker, frameBuffer, options);
  try {
    await once(worker, 'message');
  } catch (error) {
    await target.close();
    throw error;
  }
  return target;
}
