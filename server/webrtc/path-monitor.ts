import { DeliveryRate } from '../path/delivery-rate.js';
import { RoundTrips } from '../path/round-trips.js';
import type { PathReport } from '../session/path-report.js';
import type { MediaFeedback } from './media-sender.js';
import { Reception, type ReceptionReport } from './reception.js';

/** One probe per this time while pictures flow: a queue of a quarter of a second is seen within it and a round trip. */
const PROBE_INTERVAL_MS = 100;
/** A lost probe is told by the answer to the next one, and three may get lost in a row. */
const LOST_ALLOWANCE_MS = 3 * PROBE_INTERVAL_MS + 50;
/** With so many without an answer they get fewer: a path that is blocked is not filled with questions. */
const MAX_WAITING = 12;
const BLOCKED_INTERVAL_MS = 500;

/** What the monitor reads and does. */
export interface PathMonitorOptions {
  /** The selected pair, by identity; null while there is none. */
  pair(): object | null;
  /** Sends a STUN binding request on the selected pair; resolves to true when the answer has come, false without one. */
  probe(): Promise<boolean>;
  /** Packets and payload bytes sent so far. */
  sent(): { packets: number; bytes: number };
  /** How long pictures wait before they leave. */
  pacedMs(): number;
  feedback(): Readonly<MediaFeedback>;
  now?: () => number;
}

/**
 * Measures the path of one viewer while pictures flow: round trips by STUN, which every ICE agent answers at once and
 * which wait in the same queues as the pictures; losses and arrivals by receiver reports.
 */
export class PathMonitor {
  readonly #options: PathMonitorOptions;
  readonly #now: () => number;
  readonly #trips = new RoundTrips(LOST_ALLOWANCE_MS);
  readonly #rate = new DeliveryRate();
  readonly #reception = new Reception();
  #timer: NodeJS.Timeout | undefined;
  #pair: object | null = null;
  #probes = 0;
  #packetsAtProbe = -1;
  #arrivedBytes = 0;
  #reported = { packets: 0, sentPackets: 0, sentBytes: 0 };

  constructor(options: PathMonitorOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Begins at once: the first probe finds the path as long as it is empty. */
  start(): void {
    if (this.#timer) return;
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), PROBE_INTERVAL_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  get report(): PathReport {
    const feedback = this.#options.feedback();
    return {
      roundTripMs: this.#trips.lastMs ?? feedback.roundTripMs,
      lossFraction: this.#reception.lossFraction,
      estimatedBitrateBps: this.#rate.bitrateBps ?? feedback.estimatedBitrateBps,
      queueDelayMs: this.#trips.queueDelayMs(this.#now()),
      outages: this.#trips.outages,
      pacedMs: this.#options.pacedMs(),
      reportedAtMs: feedback.reportedAtMs,
    };
  }

  /** A receiver report of the pictures' stream. */
  received(report: ReceptionReport): void {
    const now = this.#now();
    this.#reception.report(report, now);
    const packets = this.#reception.packets ?? 0;
    const { packets: sentPackets, bytes: sentBytes } = this.#options.sent();
    const before = this.#reported;
    const size =
      sentPackets > before.sentPackets
        ? (sentBytes - before.sentBytes) / (sentPackets - before.sentPackets)
        : sentBytes / Math.max(1, sentPackets);
    if (sentPackets === before.sentPackets) this.#rate.restart(this.#arrivedBytes, now);
    else if (before.sentPackets > 0) {
      this.#arrivedBytes += Math.max(0, packets - before.packets) * size;
      this.#rate.delivered(this.#arrivedBytes, now);
    }
    this.#reported = { packets, sentPackets, sentBytes };
  }

  #tick(): void {
    const pair = this.#options.pair();
    // During an ICE restart there is none.
    if (!pair) return;
    if (this.#pair && pair !== this.#pair) this.#trips.restart();
    this.#pair = pair;
    const { packets } = this.#options.sent();
    // Nothing new on the path, and nothing unknown of it.
    if (packets === this.#packetsAtProbe && this.#trips.waiting === 0) return;
    const sinceNewestMs = this.#now() - (this.#trips.newestMs ?? Number.NEGATIVE_INFINITY);
    if (this.#trips.waiting >= MAX_WAITING && sinceNewestMs < BLOCKED_INTERVAL_MS) return;
    this.#packetsAtProbe = packets;
    this.#probes += 1;
    const mark = this.#probes;
    this.#trips.sent(mark, this.#now());
    void this.#options.probe().then((answered) => {
      if (answered) this.#trips.answered(mark, this.#now());
    });
  }
}
