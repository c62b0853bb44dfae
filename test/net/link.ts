/** What one direction of a network path does to packets. All may change while it runs. */
export interface LinkShape {
  /** Infinity for a link that is never the bottleneck. */
  bitsPerSecond: number;
  /** One way, of the empty link. */
  delayMs: number;
  /** What waits longer than this at the present speed is not taken: a drop-tail queue. */
  queueMs: number;
  /** Share of packets that get lost at random, 0 to 1. */
  loss: number;
}

export const FREE: Readonly<LinkShape> = {
  bitsPerSecond: Number.POSITIVE_INFINITY,
  delayMs: 0,
  queueMs: Number.POSITIVE_INFINITY,
  loss: 0,
};

/** One direction of a path, as a queue in front of a line with a speed, a length and losses. Has no clock of its own. */
export class Link<Packet> {
  readonly shape: LinkShape;
  readonly counts = { taken: 0, lost: 0, overflown: 0, bytes: 0 };
  #seed: number;
  #waiting: Array<{ packet: Packet; bytes: number; sinceMs: number }> = [];
  #flying: Array<{ packet: Packet; atMs: number }> = [];
  #waitingBytes = 0;
  /** The line sends until then. */
  #freeMs = 0;

  constructor(shape: Partial<LinkShape> = {}, seed = 20) {
    this.shape = { ...FREE, ...shape };
    this.#seed = seed;
  }

  /** How long a packet would wait now before it is sent. */
  waitMs(nowMs: number): number {
    const { bitsPerSecond } = this.shape;
    return Math.max(0, this.#freeMs - nowMs) + (this.#waitingBytes * 8000) / bitsPerSecond;
  }

  /** False when the queue is full; a packet that gets lost at random is taken all the same. */
  offer(packet: Packet, bytes: number, nowMs: number): boolean {
    this.#serve(nowMs);
    if (this.waitMs(nowMs) > this.shape.queueMs) {
      this.counts.overflown += 1;
      return false;
    }
    this.counts.taken += 1;
    this.counts.bytes += bytes;
    if (this.#random() < this.shape.loss) {
      this.counts.lost += 1;
      return true;
    }
    this.#waiting.push({ packet, bytes, sinceMs: nowMs });
    this.#waitingBytes += bytes;
    this.#serve(nowMs);
    return true;
  }

  /** What has arrived at the far end by now, in order. */
  take(nowMs: number): Packet[] {
    this.#serve(nowMs);
    let count = 0;
    while ((this.#flying[count]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs) count++;
    return this.#flying.splice(0, count).map(({ packet }) => packet);
  }

  /** When take() or waitMs() has something new; null when nothing is under way. */
  get nextMs(): number | null {
    const arrival = this.#flying[0]?.atMs;
    if (this.#waiting.length === 0) return arrival ?? null;
    return Math.min(this.#freeMs, arrival ?? Number.POSITIVE_INFINITY);
  }

  #serve(nowMs: number): void {
    for (let head = this.#waiting[0]; head && this.#freeMs <= nowMs; head = this.#waiting[0]) {
      this.#waiting.shift();
      this.#waitingBytes -= head.bytes;
      const beginMs = Math.max(this.#freeMs, head.sinceMs);
      this.#freeMs = beginMs + (head.bytes * 8000) / this.shape.bitsPerSecond;
      this.#flying.push({ packet: head.packet, atMs: this.#freeMs + this.shape.delayMs });
    }
  }

  /** A repeatable sequence (a linear congruential generator, Numerical Recipes). */
  #random(): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0;
    return this.#seed / 2 ** 32;
  }
}
