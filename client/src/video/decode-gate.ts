import { LIMITS } from '../../../server/protocol/limits.js';

/**
 * Decides which received pictures go to the decoder. A keyframe comes first; when decoding falls behind by more
 * than the limit, everything is dropped up to the next keyframe, which is asked for once.
 */
export class DecodeGate {
  readonly #askKeyframe: () => void;
  #waiting = true;
  /** Receive times of pictures that the decoder has not given back, oldest first. */
  #inDecoder: number[] = [];

  constructor(askKeyframe: () => void) {
    this.#askKeyframe = askKeyframe;
  }

  /** Whether to decode this picture, received now. */
  admit(keyframe: boolean, nowMs: number): boolean {
    if (this.#waiting && !keyframe) return false;
    if (!keyframe && this.backlogMs(nowMs) > LIMITS.maxBacklogMs) {
      this.restart();
      return false;
    }
    this.#waiting = false;
    this.#inDecoder.push(nowMs);
    return true;
  }

  /** The decoder gave one picture back. */
  decoded(): void {
    this.#inDecoder.shift();
  }

  /** Nothing decodes until a keyframe: after a backlog or a decoder error. */
  restart(): void {
    this.#inDecoder = [];
    if (this.#waiting) return;
    this.#waiting = true;
    this.#askKeyframe();
  }

  backlogMs(nowMs: number): number {
    const oldest = this.#inDecoder[0];
    return oldest === undefined ? 0 : nowMs - oldest;
  }
}
