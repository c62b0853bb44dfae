/** Of the packets of pictures: random losses of 5 % need little of it, and the tail of a keyframe that a short queue cut off most. */
const SHARE = 0.5;
/** What a path without losses saves up: a burst that got lost is repaired from it. */
const MOST_SAVED = 64;
/** A round trip that is longer was measured in a queue or on a busy computer. */
const LONGEST_TRIP_MS = 300;
/** A little earlier than a round trip, since no two are the same. */
const TRIP_SHARE = 0.8;
/** More than a receiver asks for, so that the memory of repairs stays small. */
const MOST_REMEMBERED = 4096;

/** What the budget needs to know of the moment. */
export interface RepairMoment {
  readonly nowMs: number;
  /** Of the pictures so far, without repairs. */
  readonly sentPackets: number;
  /** Null while unknown. */
  readonly roundTripMs: number | null;
}

/**
 * Which packets that a viewer misses are sent again. A queue that overflows loses hundreds at once, and a browser asks for each of them
 * ten times a second: all of these repairs would keep the queue full. So a packet is not sent again before the last repair
 * can have arrived, and repairs take a share of what pictures take. What is beyond that needs a keyframe.
 */
export class RepairBudget {
  readonly #repairedMs = new Map<number, number>();
  #credit = MOST_SAVED;
  #sentPackets = 0;

  /** @returns those to send again now, and whether the viewer misses more than the budget allows */
  admit(
    sequenceNumbers: readonly number[],
    { nowMs, sentPackets, roundTripMs }: RepairMoment,
  ): { admitted: number[]; exceeded: boolean } {
    this.#credit = Math.min(MOST_SAVED, this.#credit + (sentPackets - this.#sentPackets) * SHARE);
    this.#sentPackets = sentPackets;
    const tripMs = TRIP_SHARE * Math.min(LONGEST_TRIP_MS, roundTripMs ?? 0);
    const missing = sequenceNumbers.filter((number) => {
      return nowMs - (this.#repairedMs.get(number) ?? Number.NEGATIVE_INFINITY) >= tripMs;
    });
    const admitted = missing.slice(0, Math.floor(this.#credit));
    this.#credit -= admitted.length;
    for (const number of admitted) this.#remember(number, nowMs);
    return { admitted, exceeded: admitted.length < missing.length };
  }

  #remember(number: number, nowMs: number): void {
    this.#repairedMs.delete(number);
    this.#repairedMs.set(number, nowMs);
    if (this.#repairedMs.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#repairedMs.keys();
    if (oldest !== undefined) this.#repairedMs.delete(oldest);
  }
}
