/** What the peer should do after a tick. */
export type LivenessVerdict = 'alive' | 'probe' | 'dead';

/**
 * Decides whether a viewer still answers. Anything that arrives counts: STUN, RTCP, data. In silence it asks for a
 * probe (a STUN binding request, which every ICE agent answers), because a standard player may send RTCP only each 5 s
 * (RFC 3550 section 6.2) and nothing at all while the picture is still. Counts ticks, not time, so that an appliance
 * that was held up does not blame its viewers.
 */
export class Liveness {
  readonly #ticksToDeath: number;
  #silentTicks = 0;
  #lastCount = -1;

  /** @param ticksToDeath silent ticks after which the viewer is dead */
  constructor(ticksToDeath: number) {
    this.#ticksToDeath = ticksToDeath;
  }

  /** A probe was answered. */
  heard(): void {
    this.#silentTicks = 0;
  }

  /** @param receivedCount grows with everything that arrives */
  tick(receivedCount: number): LivenessVerdict {
    if (receivedCount !== this.#lastCount) {
      this.#lastCount = receivedCount;
      this.#silentTicks = 0;
      return 'alive';
    }
    this.#silentTicks++;
    return this.#silentTicks >= this.#ticksToDeath ? 'dead' : 'probe';
  }
}
