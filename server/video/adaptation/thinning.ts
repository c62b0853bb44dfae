/** A path that has not drained after this, because others get more than it carries, is a slow one. */
const PATIENCE_MS = 700;
/** Keyframes for a slow watcher come at most this often. */
export const THIN_INTERVAL_MS = 2000;
/** All pictures are tried again after this, each time in vain after twice as long. */
const RETRY_MS = { first: 5000, last: 60_000 } as const;
/** So long without trouble, and the next trouble counts as the first. */
const TROUBLE_FORGOTTEN_MS = 30_000;

/**
 * Whether one watcher gets all pictures or, because its path carries less than the one who has control gets, keyframes
 * alone. Has no clock of its own.
 */
export class Thinning {
  #thinSinceMs: number | null = null;
  #fullSinceMs = 0;
  #retryMs: number = RETRY_MS.first;
  #keyframeAtMs = Number.NEGATIVE_INFINITY;

  /** True while the watcher gets keyframes alone. */
  get thin(): boolean {
    return this.#thinSinceMs !== null;
  }

  /**
   * @param drainingSinceMs since when the path of this watcher has too long a queue, null when it has none
   * @param decides the encoder follows this viewer: it gets all pictures
   * @returns true when the watcher gets all pictures again and needs a keyframe to begin with
   */
  update(nowMs: number, drainingSinceMs: number | null, decides: boolean): boolean {
    if (this.#thinSinceMs === null) {
      if (nowMs - this.#fullSinceMs > TROUBLE_FORGOTTEN_MS) this.#retryMs = RETRY_MS.first;
      const slow = drainingSinceMs !== null && nowMs - drainingSinceMs > PATIENCE_MS;
      if (slow && !decides) this.#thinSinceMs = nowMs;
      return false;
    }
    const drained = drainingSinceMs === null && nowMs - this.#thinSinceMs > this.#retryMs;
    if (!decides && !drained) return false;
    if (!decides) this.#retryMs = Math.min(RETRY_MS.last, 2 * this.#retryMs);
    this.#thinSinceMs = null;
    this.#fullSinceMs = nowMs;
    return true;
  }

  /** Whether a keyframe is to go out to this thin watcher: the path is free, and the one before was long enough ago. */
  keyframeDue(nowMs: number, drainingSinceMs: number | null): boolean {
    return drainingSinceMs === null && nowMs - this.#keyframeAtMs >= THIN_INTERVAL_MS;
  }

  keyframeSent(nowMs: number): void {
    this.#keyframeAtMs = nowMs;
  }
}
