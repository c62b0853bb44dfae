import { DeliveryRate } from '../../../../server/path/delivery-rate.js';
import { RoundTrips } from '../../../../server/path/round-trips.js';
import type { PathReport } from '../../../../server/session/path-report.js';
import { PathController } from '../../../../server/video/adaptation/path-controller.js';
import { Reception } from '../../../../server/webrtc/reception.js';
import { Link, type LinkShape } from '../../../net/link.js';

type Packet = { probe: number } | { sequence: number; bytes: number };

const PACKET_BYTES = 1200;
const FRAME_MS = 33;
const PROBE_MS = 100;
const REPORT_MS = 200;
/** A keyframe takes what the rate gives in this time, as the encoder's. */
const KEYFRAME_MS = 400;
/** What the native sender lets through at once, and within which time all leaves. */
const PACED = { burstMs: 20, mostMs: 500 };

/**
 * A viewer on a path as the WebRTC carrier sees it, in simulated time: pictures of the rate that the controller allows,
 * probes from before the first picture on every 100 ms, receiver reports every 200 ms.
 */
export class SimulatedPath {
  readonly controller: PathController;
  readonly link: Link<Packet>;
  /** What the content would take, bits per second. */
  wantedBps = Number.POSITIVE_INFINITY;
  /** 0: only the first picture is one. */
  keyframeEveryMs = 0;
  nowMs = 0;
  readonly #trips = new RoundTrips(350);
  readonly #rate = new DeliveryRate();
  readonly #reception = new Reception();
  #back: Array<{ atMs: number; answer: () => void }> = [];
  #probes = 0;
  #sequence = 0;
  #arrivedPackets = 0;
  #arrivedBytes = 0;
  #sent: Array<{ atMs: number; bits: number }> = [];
  #credit = 0;
  #keyframeAtMs = 0;
  /** At the sender, until their pace lets them go. */
  #waiting: Packet[] = [];
  #paceFreeMs = 0;

  constructor(ceilingBps: number, shape: Partial<LinkShape>, seed = 1) {
    this.controller = new PathController(ceilingBps);
    this.link = new Link(shape, seed);
  }

  get sentBps(): number {
    return this.#sent.reduce((sum, { bits }) => sum + bits, 0) * 2;
  }

  get report(): PathReport {
    return {
      roundTripMs: this.#trips.lastMs,
      lossFraction: this.#reception.lossFraction,
      estimatedBitrateBps: this.#rate.bitrateBps,
      queueDelayMs: this.#trips.queueDelayMs(this.nowMs),
      outages: this.#trips.outages,
      pacedMs: this.#pacedMs,
      reportedAtMs: this.nowMs,
    };
  }

  /** Lets time pass; `each` is called every millisecond. */
  run(ms: number, each: () => void = () => {}): void {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      this.nowMs += 1;
      this.#step();
      each();
    }
  }

  get #pacedMs(): number {
    const { paceBps } = this.controller;
    if (paceBps === null) return 0;
    return Math.min(PACED.mostMs, (this.#waiting.length * PACKET_BYTES * 8000) / paceBps);
  }

  #step(): void {
    const now = this.nowMs;
    if (now % FRAME_MS === 0) this.#picture();
    this.#send();
    if (now % PROBE_MS === 0 || now === 1) {
      this.#probes += 1;
      this.#trips.sent(this.#probes, now);
      this.link.offer({ probe: this.#probes }, 100, now);
    }
    for (const packet of this.link.take(now)) this.#arrived(packet);
    const due = this.#back.filter(({ atMs }) => atMs <= now);
    this.#back = this.#back.filter(({ atMs }) => atMs > now);
    for (const { answer } of due) answer();
    if (now % REPORT_MS === 0) this.#receiverReport();
    this.#sent = this.#sent.filter(({ atMs }) => now - atMs < 500);
    if (now % PROBE_MS === 0) this.controller.update(now, this.report, this.sentBps);
  }

  #picture(): void {
    const rateBps = Math.min(this.controller.presentBps, this.wantedBps);
    this.#credit += (rateBps * FRAME_MS) / 8000;
    if (this.keyframeEveryMs > 0 && this.nowMs - this.#keyframeAtMs >= this.keyframeEveryMs) {
      this.#keyframeAtMs = this.nowMs;
      this.#credit += (rateBps * KEYFRAME_MS) / 8000;
    }
    while (this.#credit >= PACKET_BYTES) {
      this.#credit -= PACKET_BYTES;
      this.#sequence += 1;
      this.#sent.push({ atMs: this.nowMs, bits: PACKET_BYTES * 8 });
      this.#waiting.push({ sequence: this.#sequence, bytes: PACKET_BYTES });
    }
  }

  #send(): void {
    const now = this.nowMs;
    const { paceBps } = this.controller;
    const waitingBits = this.#waiting.length * PACKET_BYTES * 8;
    const bitsPerMs = Math.max((paceBps ?? Infinity) / 1000, waitingBits / PACED.mostMs);
    while (this.#waiting.length > 0 && this.#paceFreeMs < now + PACED.burstMs) {
      this.#paceFreeMs = Math.max(this.#paceFreeMs, now) + (PACKET_BYTES * 8) / bitsPerMs;
      this.link.offer(this.#waiting.shift() as Packet, PACKET_BYTES, now);
    }
  }

  #arrived(packet: Packet): void {
    if ('probe' in packet) {
      const answer = () => this.#trips.answered(packet.probe, this.nowMs);
      this.#back.push({ atMs: this.nowMs + this.link.shape.delayMs, answer });
    } else {
      this.#arrivedPackets += 1;
      this.#highest = Math.max(this.#highest, packet.sequence);
      this.#arrivedBytes += packet.bytes;
    }
  }

  #highest = 0;

  #receiverReport(): void {
    const report = {
      highestSequence: this.#highest,
      packetsLost: this.#highest - this.#arrivedPackets,
    };
    const bytes = this.#arrivedBytes;
    const answer = () => {
      this.#reception.report(report, this.nowMs);
      this.#rate.delivered(bytes, this.nowMs);
    };
    this.#back.push({ atMs: this.nowMs + this.link.shape.delayMs, answer });
  }
}
