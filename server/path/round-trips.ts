interface Sent {
  mark: number;
  atMs: number;
}

/** A queue stands when even the shortest round trip of this time was long; a shorter burst or a busy computer is none. */
const STANDING_MS = 250;
/** The empty path is the shortest round trip of the last one to two of these: a changed path is learned anew. */
const EMPTY_PATH_MS = 6000;
/** What has no answer after this was lost with all that could have told. */
const FORGOTTEN_MS = 5000;
/** Nothing came back for so long, and then an answer at once: no queue does that. */
const SILENCE_MS = 800;
/** So much longer than on the empty path an answer takes that is "at once". */
const PROMPT_MS = 40;

/**
 * Round trips of marks that are sent in order over one path, and from them the queue on it: how much longer they take
 * than the shortest. A mark without an answer counts with its age, so that a queue is seen while it grows.
 */
export class RoundTrips {
  readonly #lostAllowanceMs: number;
  #sent: Sent[] = [];
  #outages = 0;
  #unansweredSinceMs: number | null = null;
  #samples: Array<{ atMs: number; ms: number }> = [];
  #shortest = { beganMs: Number.NEGATIVE_INFINITY, before: Infinity, now: Infinity };

  /** @param lostAllowanceMs how much later a mark may be answered by the next one, because it got lost; 0 on TCP */
  constructor(lostAllowanceMs: number) {
    this.#lostAllowanceMs = lostAllowanceMs;
  }

  /** A mark went out. Marks grow. */
  sent(mark: number, nowMs: number): void {
    this.#sent.push({ mark, atMs: nowMs });
    this.#unansweredSinceMs ??= nowMs;
  }

  /** The marks take another path from here on, of which nothing is known. */
  restart(): void {
    this.#sent = [];
    this.#samples = [];
    this.#unansweredSinceMs = null;
    this.#shortest = { beganMs: Number.NEGATIVE_INFINITY, before: Infinity, now: Infinity };
    this.#outages += 1;
  }

  /** How often the path was gone and came back empty, or became another one. */
  get outages(): number {
    return this.#outages;
  }

  /** This mark came back, so that all before it are through or lost. Unknown marks change nothing. */
  answered(mark: number, nowMs: number): void {
    let count = 0;
    while (count < this.#sent.length && (this.#sent[count]?.mark ?? 0) <= mark) count++;
    const last = this.#sent[count - 1];
    if (!last) return;
    this.#sent.splice(0, count);
    const ms = Math.max(0, nowMs - last.atMs);
    const silentMs = nowMs - (this.#unansweredSinceMs ?? nowMs);
    const prompt = this.#lostAllowanceMs > 0 && ms < (this.emptyPathMs ?? 0) + PROMPT_MS;
    if (silentMs > SILENCE_MS && prompt) this.#outages += 1;
    this.#unansweredSinceMs = this.#sent[0]?.atMs ?? null;
    this.#samples = this.#samples.filter(({ atMs }) => nowMs - atMs < STANDING_MS);
    this.#samples.push({ atMs: nowMs, ms });
    this.#learn(ms, nowMs);
  }

  get waiting(): number {
    return this.#sent.length;
  }

  /** When the newest mark without an answer was sent; null when there is none. */
  get newestMs(): number | null {
    return this.#sent.at(-1)?.atMs ?? null;
  }

  /** When the oldest mark without an answer was sent; null when there is none. */
  get oldestMs(): number | null {
    return this.#sent[0]?.atMs ?? null;
  }

  /** The last round trip, null before the first. */
  get lastMs(): number | null {
    return this.#samples.at(-1)?.ms ?? null;
  }

  /** The round trip of the empty path, null before the first answer. */
  get emptyPathMs(): number | null {
    const shortest = Math.min(this.#shortest.before, this.#shortest.now);
    return Number.isFinite(shortest) ? shortest : null;
  }

  /** What waits on the path, null before the first answer. */
  queueDelayMs(nowMs: number): number | null {
    while (this.#sent[0] && nowMs - this.#sent[0].atMs > FORGOTTEN_MS) this.#sent.shift();
    const empty = this.emptyPathMs;
    if (empty === null) return null;
    const recent = this.#samples.filter(({ atMs }) => nowMs - atMs < STANDING_MS);
    const standing =
      recent.length > 0 ? Math.min(...recent.map(({ ms }) => ms)) : this.#stale(nowMs);
    const oldest = this.#sent[0];
    const age = oldest ? nowMs - oldest.atMs - this.#lostAllowanceMs : 0;
    return Math.max(0, standing - empty, age - empty);
  }

  /** Without a fresh answer: an old one tells nothing when nothing was sent since. */
  #stale(nowMs: number): number {
    const last = this.#samples.at(-1);
    if (!last || this.#sent.length === 0) return 0;
    return Math.max(0, last.ms - (nowMs - last.atMs));
  }

  #learn(ms: number, nowMs: number): void {
    const shortest = this.#shortest;
    if (nowMs - shortest.beganMs > EMPTY_PATH_MS) {
      this.#shortest = { beganMs: nowMs, before: shortest.now, now: ms };
    } else {
      shortest.now = Math.min(shortest.now, ms);
    }
  }
}
