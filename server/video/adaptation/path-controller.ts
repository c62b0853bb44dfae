import type { PathReport } from '../../session/path-report.js';

/** The encoder makes next to nothing of this, but a picture now and then. */
export const DRAINING_BPS = 10_000;
/** Slower than this no path is believed to be for long. */
export const SMALLEST_BPS = 30_000;

/** A queue that stands longer than this is too much; shorter ones come with every keyframe and every Wi-Fi. */
const QUEUE_TOO_LONG_MS = 80;
/** Drained down to this, the queue counts as gone. */
const QUEUE_GONE_MS = 40;
/** Of what the path was seen to carry, so that the next queue drains too. */
const SHARE_OF_CAPACITY = 0.85;
/** When nothing tells what the path carries. */
const BLIND_SHARE = 0.6;
/** After a queue the rate rests this long. */
const REST_MS = 800;
/** How fast the rate grows per second: towards a limit seen lately with care, else to the unknown in big steps. */
const GROWTH_PER_S = { careful: 1.1, confirmed: 1.05, bold: 1.6, proven: 16 } as const;
/** So many times the rate must have gone through before it counts as proof: encoders do not hit their rate exactly. */
const PROOF = 2;
const CAREFUL_UP_TO = 1.1;
/** Stillness is no proof of what a path carries: the rate grows only while about this share of it is used. */
const USED_SHARE = 0.6;
/** Random losses are repaired; beyond this the path itself is too small (as in draft-ietf-rmcat-gcc-02, section 6). */
const TOO_MANY_LOST = 0.1;
const LOSS_INTERVAL_MS = 500;
/** Reports of losses lag: so long after a queue they are still of that queue. */
const LOSS_OF_QUEUE_MS = 1600;
/**
 * Of the rate: a large picture is through in time and fills the path little. While the rate is only believed, a burst may still prove
 * that the path carries more.
 */
const PACE = { known: 1.25, believed: 2.5 } as const;
/** A keyframe has left after this, whatever the rate is; what still waits is more than the path carries. */
const PACED_TOO_LONG_MS = 500;
/** A queue that stays as it is for this time, though next to nothing is sent, is not ours, or the path is another. */
const FOREIGN_AFTER_MS = 700;

/**
 * Finds the bit rate that one path carries without a standing queue. A queue that grows is drained first, by sending
 * next to nothing, and shows meanwhile what the path carries; then the rate starts below that and grows again. A pure
 * state machine: it has no clock and no timers.
 */
export class PathController {
  readonly #ceilingBps: number;
  #rateBps: number;
  #updatedMs: number | null = null;
  /** Since when the queue is drained; null while it is short. */
  #drainingSinceMs: number | null = null;
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #lossAtMs = Number.NEGATIVE_INFINITY;
  /** What the path carried when a queue stood on it. */
  #capacityBps: number | null = null;
  /** The queue before showed about the same capacity: growing towards it becomes slower. */
  #confirmed = false;
  /** What arrived while the queue stood. */
  #seenBps: number[] = [];
  #lossy = false;
  #repairNeeded = false;
  /** Pictures wait at the sender, and those that are made now behind them. */
  #holding = false;
  #pacedSinceMs: number | null = null;
  /** Part of the queue that others make. */
  #foreignMs = 0;
  #outages = 0;
  #steady = { queueMs: Number.POSITIVE_INFINITY, atMs: 0 };

  /** @param ceilingBps the rate to start with and never to exceed */
  constructor(ceilingBps: number) {
    this.#ceilingBps = ceilingBps;
    this.#rateBps = ceilingBps;
  }

  /** What may be sent in the long run, bits per second. */
  get rateBps(): number {
    return this.#rateBps;
  }

  /** What may be sent now: less while a queue is drained. */
  get presentBps(): number {
    return this.#drainingSinceMs === null && !this.#holding ? this.#rateBps : DRAINING_BPS;
  }

  /**
   * How fast a burst may leave, so that what goes on beside it waits for little of it; null while nothing tells that the path is
   * slow: nothing is held back on a LAN.
   */
  get paceBps(): number | null {
    const known = this.#capacityBps !== null && this.#confirmed;
    if (this.#capacityBps === null && this.#rateBps >= this.#ceilingBps) return null;
    return Math.round(this.#rateBps * (known ? PACE.known : PACE.believed));
  }

  /** Since when a queue is drained; null while there is none. */
  get drainingSinceMs(): number | null {
    return this.#drainingSinceMs;
  }

  /** True once after a queue that has lost packets: the viewer may need a keyframe to go on. */
  takeRepair(): boolean {
    const needed = this.#repairNeeded;
    this.#repairNeeded = false;
    return needed;
  }

  /**
   * To be called some ten times a second.
   * @param sentBps what has been sent on this path in about the last half second
   */
  update(nowMs: number, path: PathReport | null, sentBps: number): void {
    const passedS = Math.min(1, (nowMs - (this.#updatedMs ?? nowMs)) / 1000);
    this.#updatedMs = nowMs;
    const pacedMs = path?.pacedMs ?? 0;
    this.#holding = pacedMs > (this.#holding ? QUEUE_GONE_MS : QUEUE_TOO_LONG_MS);
    const reportedMs = (path?.queueDelayMs ?? 0) + this.#standingMs(nowMs, pacedMs);
    this.#foreignMs = Math.min(this.#foreignMs, reportedMs);
    const queueMs = reportedMs - this.#foreignMs;
    const lossFraction = path?.lossFraction ?? 0;
    if (path && path.outages !== this.#outages) this.#comeBack(nowMs, path.outages);
    if (this.#drainingSinceMs !== null) {
      this.#drain(nowMs, queueMs, path, sentBps);
    } else if (queueMs > QUEUE_TOO_LONG_MS) {
      this.#drainingSinceMs = nowMs;
      this.#seenBps = [];
      this.#see(path);
      this.#lossy = false;
      this.#steady = { queueMs, atMs: nowMs };
    } else if (lossFraction > TOO_MANY_LOST) {
      this.#lose(nowMs, lossFraction, sentBps);
    } else if (queueMs < QUEUE_GONE_MS) {
      this.#grow(nowMs, passedS, sentBps, path?.estimatedBitrateBps ?? 0);
    }
    if (this.#drainingSinceMs !== null && lossFraction > TOO_MANY_LOST) this.#lossy = true;
  }

  /** What waits for its pace: a large picture is no queue, what is not gone after a while is one. */
  #standingMs(nowMs: number, pacedMs: number): number {
    if (pacedMs < QUEUE_GONE_MS) this.#pacedSinceMs = null;
    else this.#pacedSinceMs ??= nowMs;
    const stands = this.#pacedSinceMs !== null && nowMs - this.#pacedSinceMs >= PACED_TOO_LONG_MS;
    return stands ? pacedMs : 0;
  }

  #drain(nowMs: number, queueMs: number, path: PathReport | null, sentBps: number): void {
    // While a queue stands the path is busy: what arrives is what it carries.
    if (queueMs > QUEUE_GONE_MS) this.#see(path);
    const change = queueMs / this.#steady.queueMs;
    if (change < 0.9 || change > 1.1) this.#steady = { queueMs, atMs: nowMs };
    const little = sentBps < Math.max(4 * DRAINING_BPS, (median(this.#seenBps) ?? 0) / 4);
    if (queueMs > QUEUE_GONE_MS) {
      if (!little || nowMs - this.#steady.atMs < FOREIGN_AFTER_MS) return;
      this.#foreignMs += queueMs;
    }
    this.#drainingSinceMs = null;
    this.#restUntilMs = nowMs + REST_MS;
    this.#repairNeeded = this.#lossy;
    this.#lossAtMs = nowMs + LOSS_OF_QUEUE_MS - LOSS_INTERVAL_MS;
    this.#found(median(this.#seenBps));
  }

  /** What looked like a queue was a path that carried nothing: no reason to send less on it now. */
  #comeBack(nowMs: number, outages: number): void {
    this.#outages = outages;
    this.#foreignMs = 0;
    this.#repairNeeded ||= this.#drainingSinceMs !== null;
    this.#drainingSinceMs = null;
    this.#lossAtMs = nowMs + LOSS_OF_QUEUE_MS - LOSS_INTERVAL_MS;
  }

  #see(path: PathReport | null): void {
    if (path?.estimatedBitrateBps != null) this.#seenBps.push(path.estimatedBitrateBps);
  }

  /** The queue is gone: the rate that keeps it away. */
  #found(capacityBps: number | null): void {
    if (capacityBps === null) {
      this.#set(this.#rateBps * BLIND_SHARE);
      return;
    }
    const before = this.#capacityBps;
    const ratio = before === null ? 0 : capacityBps / before;
    this.#confirmed = ratio > 0.7 && ratio < 1.4;
    this.#capacityBps = Math.max(SMALLEST_BPS, capacityBps);
    this.#set(Math.min(this.#rateBps, this.#capacityBps * SHARE_OF_CAPACITY));
  }

  #lose(nowMs: number, lossFraction: number, sentBps: number): void {
    if (nowMs - this.#lossAtMs < LOSS_INTERVAL_MS) return;
    this.#lossAtMs = nowMs;
    this.#restUntilMs = nowMs + REST_MS;
    const usedBps = Math.min(this.#rateBps, Math.max(sentBps, this.#rateBps / 2));
    this.#set(usedBps * (1 - lossFraction / 2));
  }

  #grow(nowMs: number, passedS: number, sentBps: number, deliveredBps: number): void {
    if (nowMs < this.#restUntilMs || sentBps < this.#rateBps * USED_SHARE) return;
    // A keyframe on a low rate: it went through without a queue, so the path carries more than was believed.
    const provenBps = Math.min(sentBps, deliveredBps) * SHARE_OF_CAPACITY;
    if (provenBps > PROOF * this.#rateBps) {
      this.#capacityBps = null;
      this.#set(Math.min(provenBps, this.#rateBps * GROWTH_PER_S.proven ** passedS));
      return;
    }
    const capacityBps = this.#capacityBps;
    const careful = capacityBps !== null && this.#rateBps < capacityBps * CAREFUL_UP_TO;
    if (!careful) this.#capacityBps = null;
    const { careful: slow, bold, confirmed } = GROWTH_PER_S;
    const perS = careful ? (this.#confirmed ? confirmed : slow) : bold;
    this.#set(this.#rateBps * perS ** passedS);
  }

  #set(rateBps: number): void {
    const smallest = Math.min(SMALLEST_BPS, this.#ceilingBps);
    this.#rateBps = Math.min(this.#ceilingBps, Math.max(smallest, rateBps));
  }
}

/** Readings at the ends of a queue are mixed with what was before and after it. */
function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
