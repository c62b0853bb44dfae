import {
  monotonicUs,
  type Pipeline,
  type PipelineListener,
  type PipelineState,
  type PipelineStats,
} from '../../../native/index.js';
import type { RecordedPictures } from './picture-file.js';

/** Plays recorded access units in a loop in real time in the place of capture and encoder. */
export class FilePipeline implements Pipeline {
  readonly #pictures: RecordedPictures;
  readonly #listener: PipelineListener;
  #state: PipelineState = 'new';
  #timer: NodeJS.Timeout | undefined;
  #startedMs = 0;
  #played = 0;
  #at = 0;

  constructor(pictures: RecordedPictures, listener: PipelineListener) {
    this.#pictures = pictures;
    this.#listener = listener;
  }

  get state(): PipelineState {
    return this.#state;
  }

  start(): void {
    this.#state = 'running';
    this.#startedMs = performance.now();
    this.#schedule();
  }

  /** The loop begins again: its first picture is the keyframe. */
  requestKeyframe(): void {
    this.#at = 0;
  }

  setBitrate(): void {}

  setFrameRate(): void {}

  setQuantizers(): void {}

  stats(): PipelineStats {
    const none = { unchanged: 0, dropped: 0, damaged: 0, missed: 0, copied: 0 };
    const noTime = { meanUs: 0, mostUs: 0 };
    const times = { capture: noTime, wait: noTime, encode: noTime, handOver: noTime };
    const stages = { pictures: this.#played, ...times };
    return { ...none, captured: this.#played, coded: this.#played, stages };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#state = 'closed';
  }

  #schedule(): void {
    const dueMs = this.#startedMs + ((this.#played + 1) * 1000) / this.#pictures.frameRate;
    this.#timer = setTimeout(() => this.#play(), Math.max(0, dueMs - performance.now()));
  }

  #play(): void {
    const { units, width, height } = this.#pictures;
    const unit = units[this.#at];
    if (!unit) return;
    this.#at = (this.#at + 1) % units.length;
    this.#played++;
    const number = this.#played;
    this.#schedule();
    const timestampUs = monotonicUs();
    const times = { timestampUs, takenUs: timestampUs, codedUs: timestampUs, encodeUs: 0 };
    this.#listener.accessUnit({ ...unit, ...times, number, width, height });
  }
}
