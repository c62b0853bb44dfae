/** Losses are taken over this time: receiver reports cover a few dozen packets each, too few for a share. */
const WINDOW_MS = 1000;

/** What a receiver report says of one stream in all (RFC 3550 section 6.4.1). */
export interface ReceptionReport {
  /** Extended: the low 16 bits are a sequence number, the high ones count its cycles. */
  highestSequence: number;
  /** Cumulative, 24 bits, signed: duplicates can make it negative. */
  packetsLost: number;
}

interface Point {
  atMs: number;
  expected: number;
  lost: number;
}

/** How many packets a receiver has got so far, and which share got lost lately. */
export class Reception {
  #points: Point[] = [];
  #cycles = 0;

  report({ highestSequence, packetsLost }: ReceptionReport, nowMs: number): void {
    const lost = (packetsLost << 8) >> 8;
    const before = this.#points.at(-1);
    let expected = highestSequence + this.#cycles * 2 ** 32;
    if (before && expected < before.expected - 2 ** 31) {
      this.#cycles += 1;
      expected += 2 ** 32;
    }
    // RTCP may come in another order than it was sent.
    if (before && expected < before.expected) return;
    this.#points.push({ atMs: nowMs, expected, lost });
    while ((this.#points[1]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs - WINDOW_MS) {
      this.#points.shift();
    }
  }

  /** Packets that have arrived since some start; only differences tell. Null before the first report. */
  get packets(): number | null {
    const last = this.#points.at(-1);
    return last ? last.expected - last.lost : null;
  }

  /** Share of the packets of the last second of reports that got lost, 0 to 1; null before there are two reports. */
  get lossFraction(): number | null {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (!first || !last || last === first) return null;
    const expected = last.expected - first.expected;
    if (expected === 0) return 0;
    return Math.min(1, Math.max(0, (last.lost - first.lost) / expected));
  }
}
