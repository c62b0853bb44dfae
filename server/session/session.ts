import type { AccessUnit } from '../protocol/access-unit.js';
import type { ClientMessage, ServerMessage, ViewerInfo } from '../protocol/control-messages.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import {
  decodeEchoRequest,
  decodePong,
  encodeEchoReply,
  encodePing,
} from '../protocol/input-codec.js';
import { LIMITS } from '../protocol/limits.js';
import { PROTOCOL_VERSION } from '../protocol/version.js';
import type { Carrier, CarrierOwner, Lane } from './carrier.js';
import { InputReceiver } from './input-receiver.js';
import type { InputSink, InputSource } from './input-sink.js';
import type { VideoConsumer, VideoFeed } from './video-feed.js';

/** A session without a carrier lives this long, so that a page can come back to it. */
export const SESSION_GRACE_MS = 30_000;

export interface SessionIdentity {
  id: string;
  /** The viewer's name, shown to others. */
  name: string;
  loginId: string;
  watchOnly: boolean;
}

/** What a session needs from whoever keeps the sessions. */
export interface SessionParent {
  readonly video: VideoFeed;
  readonly sink: InputSink;
  /** Appliance clock, microseconds. */
  nowUs(): number;
  takeControl(session: Session): void;
  releaseControl(session: Session): void;
  /** The state that others see of this session has changed, or a new carrier needs the state. */
  sessionChanged(session: Session): void;
  sessionEnded(session: Session, reason: ErrorCode): void;
  /** A fresh input epoch, never 0 and never used before. */
  nextEpoch(): number;
}

/** One viewer: who it is, what it rides on, whether it has control. */
export class Session implements CarrierOwner, InputSource, VideoConsumer {
  readonly id: string;
  readonly name: string;
  /** The sign-in that made it; ends with it. */
  readonly loginId: string;
  /** A plain player's session: it only watches and ends with its carrier. */
  readonly #watchOnly: boolean;
  readonly #parent: SessionParent;
  readonly #receiver: InputReceiver;
  readonly #carriers = new Map<Carrier, { heardMs: number; pings: number }>();
  /** The one carrier for input, messages and pictures. */
  #active: Carrier | null = null;
  #unsubscribe: (() => void) | null = null;
  #pingTimer: NodeJS.Timeout | undefined;
  #graceTimer: NodeJS.Timeout | undefined;
  #inControl = false;
  #ended = false;

  constructor(identity: SessionIdentity, parent: SessionParent) {
    this.id = identity.id;
    this.name = identity.name;
    this.loginId = identity.loginId;
    this.#watchOnly = identity.watchOnly;
    this.#parent = parent;
    this.#receiver = new InputReceiver(this, parent.sink, {
      onProtocolError: () => this.#active?.close('protocol-error'),
    });
    this.#beginGrace();
  }

  get inControl(): boolean {
    return this.#inControl;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Can send input at all. */
  get interactive(): boolean {
    return !this.#watchOnly && (this.#active?.interactive ?? false);
  }

  get viewer(): ViewerInfo {
    const carrier = this.#active?.kind ?? 'none';
    return { id: this.id, name: this.name, inControl: this.#inControl, carrier };
  }

  send(message: ServerMessage): void {
    this.#active?.sendMessage(message);
  }

  accessUnit(unit: AccessUnit): void {
    this.#active?.sendAccessUnit(unit);
  }

  /** Gives or takes control; what the session holds down is released when it loses it. */
  setControl(inControl: boolean): void {
    if (this.#inControl === inControl) return;
    this.#inControl = inControl;
    this.send({ type: 'control', inputEpoch: this.#beginEpoch() });
  }

  carrierOpened(carrier: Carrier): void {
    if (this.#ended) {
      carrier.close('session-ended');
      return;
    }
    const previous = this.#active;
    this.#carriers.set(carrier, { heardMs: performance.now(), pings: 0 });
    this.#active = carrier;
    clearTimeout(this.#graceTimer);
    carrier.sendMessage({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: this.id,
      inputEpoch: this.#beginEpoch(),
    });
    previous?.close('carrier-replaced');
    // A new carrier needs a keyframe first, so the feed starts anew.
    this.#unsubscribe?.();
    this.#unsubscribe = this.#parent.video.subscribe(this);
    this.#pingTimer ??= setInterval(() => this.#ping(), LIMITS.pingIntervalMs);
    this.#parent.sessionChanged(this);
  }

  carrierMessage(carrier: Carrier, message: ClientMessage): void {
    this.#heard(carrier);
    if (carrier !== this.#active) return;
    switch (message.type) {
      case 'take-control':
        this.#parent.takeControl(this);
        break;
      case 'release-control':
        this.#parent.releaseControl(this);
        break;
      case 'keyframe':
        this.#parent.video.requestKeyframe();
        break;
    }
  }

  carrierBinary(carrier: Carrier, bytes: Uint8Array, lane: Lane): void {
    this.#heard(carrier);
    if (decodePong(bytes) !== null) return;
    const echo = decodeEchoRequest(bytes);
    if (echo !== null) carrier.sendBinary(encodeEchoReply(echo, this.#parent.nowUs()), lane);
    else if (carrier === this.#active) {
      this.#receiver.receive(bytes, lane, (reply, on) => carrier.sendBinary(reply, on));
    }
  }

  carrierNeedsKeyframe(carrier: Carrier): void {
    if (carrier === this.#active) this.#parent.video.requestKeyframe();
  }

  carrierClosed(carrier: Carrier, reason: ErrorCode): void {
    this.#carriers.delete(carrier);
    if (carrier !== this.#active) {
      if (this.#watchOnly && this.#carriers.size === 0) this.end(reason);
      return;
    }
    this.#active = null;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    clearInterval(this.#pingTimer);
    this.#pingTimer = undefined;
    this.#receiver.end();
    if (this.#ended) return;
    if (this.#watchOnly) {
      this.end(reason);
      return;
    }
    this.#beginGrace();
    this.#parent.sessionChanged(this);
  }

  /** Ends the session for good: input first, then media. Idempotent. */
  end(reason: ErrorCode): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#graceTimer);
    this.#receiver.end();
    for (const carrier of [...this.#carriers.keys()]) carrier.close(reason);
    this.#parent.sessionEnded(this, reason);
  }

  /** Starts a new input epoch if this session may type, else ends input. Returns the epoch, 0 for none. */
  #beginEpoch(): number {
    const epoch = this.#inControl && this.interactive ? this.#parent.nextEpoch() : 0;
    this.#receiver.beginEpoch(epoch);
    return epoch;
  }

  #heard(carrier: Carrier): void {
    const entry = this.#carriers.get(carrier);
    if (entry) entry.heardMs = performance.now();
  }

  #ping(): void {
    for (const [carrier, entry] of [...this.#carriers]) {
      // A plain player answers no pings: its carrier watches RTCP instead.
      if (!carrier.interactive) continue;
      if (performance.now() - entry.heardMs > LIMITS.carrierTimeoutMs) {
        carrier.close('heartbeat-missed');
      } else {
        entry.pings += 1;
        carrier.sendBinary(encodePing(entry.pings, this.#parent.nowUs()), 'fast');
      }
    }
  }

  #beginGrace(): void {
    this.#graceTimer = setTimeout(() => this.end('heartbeat-missed'), SESSION_GRACE_MS);
    this.#graceTimer.unref();
  }
}
