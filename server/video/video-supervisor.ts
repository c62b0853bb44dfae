import type {
  NativeAccessUnit,
  NativeSignal,
  Pipeline,
  PipelineListener,
  Quantizers,
} from '../../native/index.js';
import type { Logger } from '../logger.js';
import type { AccessUnit } from '../protocol/access-unit.js';
import { JoinCache } from './join-cache.js';
import { KeyframePolicy, type Timers } from './keyframe-policy.js';

/** Nobody watching: the pipeline goes on this long, so that a reload does not restart it. */
export const GRACE_MS = 5000;
/** Restart after a failure: from the first to the last delay, doubling; from the first again after a run as long as the last. */
export const RESTART_MS = { first: 500, last: 5000 } as const;

export interface VideoSupervisorOptions {
  /** Makes a pipeline that is not started yet. */
  createPipeline(listener: PipelineListener): Pipeline;
  /** Told when pictures are wanted and when no longer. */
  setWatched(watched: boolean): void;
  /** Told what the pipeline sees on the input of a capture device. */
  signal?(signal: NativeSignal): void;
  /** Told when `failed` or `lastPicture` starts over. */
  changed(): void;
  timers: Timers;
  logger: Logger;
}

/** Receives coded pictures, a keyframe first. */
export interface PictureConsumer {
  accessUnit(unit: AccessUnit): void;
}

/** What the state message says of the video. */
export interface VideoStatus {
  failed: boolean;
  lastPicture: { number: number; timestampUs: number } | null;
  /** Coded bits in the last whole second. */
  bitrateBps: number;
}

/** Runs the pipeline while somebody watches, restarts it when it fails, and hands each picture to every viewer. */
export class VideoSupervisor {
  readonly #options: VideoSupervisorOptions;
  readonly #consumers = new Map<PictureConsumer, { started: boolean }>();
  readonly #cache = new JoinCache();
  readonly #keyframes: KeyframePolicy;
  #pipeline: Pipeline | null = null;
  #graceTimer: unknown;
  #restartTimer: unknown;
  #restartMs: number = RESTART_MS.first;
  #startedMs = 0;
  #failed = false;
  /** Why, as logged: each reason once, however often it is met in a row. */
  #reason = '';
  #closed = false;
  #lastPicture: VideoStatus['lastPicture'] = null;
  /** Pictures of earlier pipeline runs, so that numbers never go back for a viewer. */
  #numberOffset = 0;
  /** Logged already: a pipeline that is started again has the same to say. */
  readonly #notices = new Set<string>();
  /** What each pipeline is told before it starts. */
  readonly #wishes: { quantizers?: Quantizers; bitrateBps?: number; frameRate?: number } = {};
  #bits = 0;
  #bitsSinceMs = 0;
  #bitrateBps = 0;

  constructor(options: VideoSupervisorOptions) {
    this.#options = options;
    this.#keyframes = new KeyframePolicy(() => this.#pipeline?.requestKeyframe(), options.timers);
  }

  get status(): VideoStatus {
    this.#rollBitrate();
    return {
      failed: this.#failed,
      lastPicture: this.#lastPicture,
      bitrateBps: this.#bitrateBps,
    };
  }

  /** True while a pipeline exists. */
  get running(): boolean {
    return this.#pipeline !== null;
  }

  /** Starts delivering, from a stored or forced keyframe on. Returns the unsubscribe function (idempotent). */
  subscribe(consumer: PictureConsumer): () => void {
    if (this.#closed) return () => {};
    const entry = { started: false };
    this.#consumers.set(consumer, entry);
    this.#cancelGrace();
    if (!this.#pipeline && this.#restartTimer === undefined) this.#start();
    else this.#join(consumer, entry);
    return () => {
      if (this.#consumers.get(consumer) !== entry) return;
      this.#consumers.delete(consumer);
      if (this.#consumers.size === 0) this.#beginGrace();
    };
  }

  /** At most one keyframe is forced per 300 ms, a request in between is remembered. */
  requestKeyframe(): void {
    if (this.#pipeline) this.#keyframes.request();
  }

  /** Holds for the pipeline that runs and for those after it. */
  setBitrate(bitrateBps: number): void {
    this.#wishes.bitrateBps = bitrateBps;
    this.#pipeline?.setBitrate(bitrateBps);
  }

  /** Most pictures per second. Holds for the pipeline that runs and for those after it. */
  setFrameRate(frameRate: number): void {
    this.#wishes.frameRate = frameRate;
    this.#pipeline?.setFrameRate(frameRate);
  }

  /** Runs `work` while no pipeline has the source open; one that ran starts again after it, with a keyframe. */
  interrupt(work: () => void): void {
    const running = this.#pipeline !== null;
    if (running) this.#closePipeline();
    try {
      work();
    } finally {
      if (running) this.#start();
    }
  }

  /** Holds for the pipeline that runs and for those after it. */
  setQuantizers(quantizers: Quantizers): void {
    this.#wishes.quantizers = quantizers;
    this.#pipeline?.setQuantizers(quantizers);
  }

  close(): void {
    this.#closed = true;
    this.#consumers.clear();
    this.#stop();
  }

  #join(consumer: PictureConsumer, entry: { started: boolean }): void {
    const units = this.#cache.replay(this.#options.timers.now());
    if (units.length === 0) this.requestKeyframe();
    else entry.started = true;
    for (const unit of units) consumer.accessUnit(unit);
  }

  #start(): void {
    this.#startedMs = this.#options.timers.now();
    const listener: PipelineListener = {
      accessUnit: (unit) => this.#accessUnit(unit),
      failed: (error) => this.#pipelineFailed(error),
      signal: (signal) => this.#signal(signal),
      notice: (sentence) => this.#notice(sentence),
    };
    try {
      this.#pipeline = this.#options.createPipeline(listener);
      const { quantizers, frameRate, bitrateBps } = this.#wishes;
      if (quantizers) this.#pipeline.setQuantizers(quantizers);
      if (bitrateBps !== undefined) this.#pipeline.setBitrate(bitrateBps);
      if (frameRate !== undefined) this.#pipeline.setFrameRate(frameRate);
      this.#pipeline.start();
    } catch (error) {
      this.#pipelineFailed(error as Error);
      return;
    }
    this.#options.setWatched(true);
  }

  #stop(): void {
    this.#cancelGrace();
    if (this.#restartTimer !== undefined) this.#options.timers.clear(this.#restartTimer);
    this.#restartTimer = undefined;
    this.#closePipeline();
    this.#options.setWatched(false);
  }

  #closePipeline(): void {
    this.#pipeline?.close();
    this.#pipeline = null;
    this.#keyframes.cancel();
    this.#cache.clear();
    this.#numberOffset = this.#lastPicture?.number ?? 0;
    for (const entry of this.#consumers.values()) entry.started = false;
  }

  /** A device that waits for its source works again; with a signal, its pictures tell. */
  #signal(signal: NativeSignal): void {
    this.#options.signal?.(signal);
    const waits = signal.state !== 'ok' && signal.state !== 'no-device';
    if (this.#failed && waits) this.#recovered();
  }

  #notice(sentence: string): void {
    if (this.#notices.has(sentence)) return;
    this.#notices.add(sentence);
    this.#options.logger.info({}, sentence);
  }

  #pipelineFailed(error: Error): void {
    this.#closePipeline();
    if (this.#closed) return;
    // One picture does not make it sound: a device may break with each second one.
    const ranMs = this.#options.timers.now() - this.#startedMs;
    if (ranMs >= RESTART_MS.last) this.#restartMs = RESTART_MS.first;
    const delayMs = this.#restartMs;
    this.#restartMs = Math.min(delayMs * 2, RESTART_MS.last);
    if (error.message !== this.#reason) {
      this.#options.logger.error({ err: error }, 'the video pipeline failed');
    }
    this.#reason = error.message;
    this.#failed = true;
    this.#options.changed();
    this.#restartTimer = this.#options.timers.set(() => {
      this.#restartTimer = undefined;
      if (this.#consumers.size > 0) this.#start();
    }, delayMs);
  }

  #accessUnit(native: NativeAccessUnit): void {
    const { timers } = this.#options;
    const unit: AccessUnit = {
      data: native.data,
      keyframe: native.keyframe,
      timestampUs: native.timestampUs,
      number: native.number + this.#numberOffset,
      width: native.width,
      height: native.height,
    };
    this.#lastPicture = { number: unit.number, timestampUs: unit.timestampUs };
    this.#rollBitrate();
    this.#bits += unit.data.length * 8;
    if (unit.keyframe) this.#keyframes.keyframeCoded();
    this.#cache.add(unit, timers.now());
    if (this.#failed) this.#recovered();
    for (const [consumer, entry] of this.#consumers) {
      entry.started ||= unit.keyframe;
      if (entry.started) consumer.accessUnit(unit);
    }
  }

  #recovered(): void {
    this.#failed = false;
    this.#reason = '';
    this.#options.logger.info({}, 'the video pipeline is running again');
    this.#options.changed();
  }

  #beginGrace(): void {
    this.#graceTimer = this.#options.timers.set(() => this.#stop(), GRACE_MS);
  }

  #cancelGrace(): void {
    if (this.#graceTimer !== undefined) this.#options.timers.clear(this.#graceTimer);
    this.#graceTimer = undefined;
  }

  #rollBitrate(): void {
    const elapsedMs = this.#options.timers.now() - this.#bitsSinceMs;
    if (elapsedMs < 1000) return;
    this.#bitrateBps = elapsedMs < 2000 ? Math.round((this.#bits * 1000) / elapsedMs) : 0;
    this.#bits = 0;
    this.#bitsSinceMs = this.#options.timers.now();
  }
}
