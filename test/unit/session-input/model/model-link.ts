import type { Lane } from '../../../../server/session/carrier.js';
import type { Random } from './random.js';
import type { VirtualClock } from './virtual-clock.js';

/** How bad a network is. SCTP needs a second to repair a loss: `stallMs` on the reliable lane. */
export interface LinkFaults {
  /** Share of messages lost: for good on the fast lane, delayed by `stallMs` on the reliable one. */
  loss: number;
  duplicates: number;
  /** Fast messages take 2 ms to this long, so that they overtake each other. */
  jitterMs: number;
  stallMs: number;
}

export const GOOD_LINK: LinkFaults = { loss: 0, duplicates: 0, jitterMs: 2, stallMs: 0 };

const BASE_MS = 2;

/** One carrier as a network with two lanes: reliable (ordered, delayed) and fast (lossy, reordered, duplicated). */
export class ModelLink {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  #faults: LinkFaults;
  #cut = false;
  /** When the last reliable message of each direction arrives: the next one is not earlier. */
  readonly #reliableMs = { up: 0, down: 0 };

  constructor(clock: VirtualClock, random: Random, faults: LinkFaults) {
    this.#clock = clock;
    this.#random = random;
    this.#faults = faults;
  }

  get isCut(): boolean {
    return this.#cut;
  }

  /** What is under way is lost, and nothing gets through any more. */
  cut(): void {
    this.#cut = true;
  }

  heal(): void {
    this.#faults = GOOD_LINK;
  }

  send(direction: 'up' | 'down', lane: Lane, deliver: () => void): void {
    if (this.#cut) return;
    if (lane === 'reliable') this.#sendReliable(direction, deliver);
    else this.#sendFast(deliver);
  }

  #sendReliable(direction: 'up' | 'down', deliver: () => void): void {
    const { loss, stallMs } = this.#faults;
    const delayMs = BASE_MS + (this.#random.chance(loss) ? stallMs : 0);
    const atMs = Math.max(this.#reliableMs[direction], this.#clock.nowMs() + delayMs);
    this.#reliableMs[direction] = atMs;
    this.#later(atMs - this.#clock.nowMs(), deliver);
  }

  #sendFast(deliver: () => void): void {
    const { loss, duplicates, jitterMs } = this.#faults;
    if (this.#random.chance(loss)) return;
    this.#later(BASE_MS + this.#random.below(jitterMs), deliver);
    if (this.#random.chance(duplicates)) {
      this.#later(BASE_MS + this.#random.below(4 * jitterMs), deliver);
    }
  }

  #later(delayMs: number, deliver: () => void): void {
    this.#clock.after(delayMs, () => {
      if (!this.#cut) deliver();
    });
  }
}
