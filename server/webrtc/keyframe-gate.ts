/**
 * Passes requests for a keyframe on at once, but not again while one is under way: until a keyframe was sent, or until
 * the one before may have been lost on its way to the encoder.
 */
export class KeyframeGate {
  readonly #request: () => void;
  readonly #nowMs: () => number;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  /** As long as the feed needs at most to force one. */
  static readonly REPEAT_MS = 300;

  constructor(request: () => void, nowMs: () => number = () => performance.now()) {
    this.#request = request;
    this.#nowMs = nowMs;
  }

  request(): void {
    const now = this.#nowMs();
    if (now - this.#askedAtMs < KeyframeGate.REPEAT_MS) return;
    this.#askedAtMs = now;
    this.#request();
  }

  /** A keyframe went out: the next request concerns another loss. */
  keyframeSent(): void {
    this.#askedAtMs = Number.NEGATIVE_INFINITY;
  }
}
