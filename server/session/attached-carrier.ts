import type { AccessUnit } from '../protocol/access-unit.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import { encodePing } from '../protocol/input-codec.js';
import { LIMITS } from '../protocol/limits.js';
import type { Carrier } from './carrier.js';
import type { PathReport } from './path-report.js';
import type { VideoConsumer, VideoFeed } from './video-feed.js';

/** What an attached carrier asks of its session. */
export interface AttachedCarrierOwner {
  /** The session has control, and this is its active carrier. */
  decides(carrier: Carrier): boolean;
  /** `thin` of a carrier has changed. */
  thinned(): void;
}

/** One carrier of a session: its own place in the picture stream, and when its viewer was last heard on it. */
export class AttachedCarrier implements VideoConsumer {
  readonly carrier: Carrier;
  #unsubscribe: (() => void) | null = null;
  #closeTimer: NodeJS.Timeout | undefined;
  #heardMs = performance.now();
  #pings = 0;
  #thin = false;
  readonly #owner: AttachedCarrierOwner;

  constructor(carrier: Carrier, owner: AttachedCarrierOwner) {
    this.carrier = carrier;
    this.#owner = owner;
  }

  get path(): PathReport | null {
    return this.carrier.path;
  }

  get decides(): boolean {
    return this.#owner.decides(this.carrier);
  }

  /** Only keyframes come on it, because the path is slow. */
  get thin(): boolean {
    return this.#thin;
  }

  thinned(thin: boolean): void {
    this.#thin = thin;
    this.#owner.thinned();
  }

  paced(bitrateBps: number | null): void {
    this.carrier.pace?.(bitrateBps);
  }

  /** Pictures from a keyframe on. */
  watch(video: VideoFeed): void {
    this.#unsubscribe = video.subscribe(this);
  }

  accessUnit(unit: AccessUnit): void {
    this.carrier.sendAccessUnit(unit);
  }

  heard(): void {
    this.#heardMs = performance.now();
  }

  /** Asks for a sign of life, or closes the carrier whose viewer has been silent for too long. */
  ping(nowUs: number): void {
    // A plain player answers no pings: its carrier watches RTCP instead.
    if (!this.carrier.interactive) return;
    if (performance.now() - this.#heardMs > LIMITS.carrierTimeoutMs) {
      this.carrier.close('heartbeat-missed');
    } else {
      this.#pings += 1;
      this.carrier.sendBinary(encodePing(this.#pings, nowUs), 'fast');
    }
  }

  /** Closes the carrier after this time unless {@link keep} is called before. */
  closeLater(reason: ErrorCode, delayMs: number): void {
    this.keep();
    this.#closeTimer = setTimeout(() => this.carrier.close(reason), delayMs);
    this.#closeTimer.unref();
  }

  keep(): void {
    clearTimeout(this.#closeTimer);
  }

  /** The carrier is closed: no more pictures. Idempotent. */
  detach(): void {
    this.keep();
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }
}
