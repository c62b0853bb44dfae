import type { AccessUnit } from '../protocol/access-unit.js';
import { KEYFRAME_INTERVAL_MS } from './keyframe-policy.js';

/**
 * The last keyframe and what followed it, for a viewer that joins too soon after it to force another. Kept only
 * as long as it can be needed, so at most KEYFRAME_INTERVAL_MS of pictures.
 */
export class JoinCache {
  #units: AccessUnit[] = [];
  #keyframeMs = 0;

  add(unit: AccessUnit, nowMs: number): void {
    if (unit.keyframe) {
      this.#units = [unit];
      this.#keyframeMs = nowMs;
    } else if (this.#units.length > 0) {
      if (nowMs - this.#keyframeMs < KEYFRAME_INTERVAL_MS) this.#units.push(unit);
      else this.clear();
    }
  }

  /** What a joiner needs now: a keyframe first, or nothing when one must be forced. */
  replay(nowMs: number): readonly AccessUnit[] {
    if (nowMs - this.#keyframeMs >= KEYFRAME_INTERVAL_MS) this.clear();
    return this.#units;
  }

  clear(): void {
    this.#units = [];
  }
}
