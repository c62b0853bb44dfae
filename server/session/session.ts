import type { ClientMessage, ControlRequest, ServerMessage } from '../protocol/control-messages.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import { decodeEchoRequest, decodePong, encodeEchoReply } from '../protocol/input-codec.js';
import { LIMITS } from '../protocol/limits.js';
import type { Role } from '../protocol/role.js';
import { PROTOCOL_VERSION } from '../protocol/version.js';
import { AttachedCarrier } from './attached-carrier.js';
import type { Carrier, CarrierOwner, Lane } from './carrier.js';
import type { Seat } from './control-desk.js';
import { InputReceiver } from './input-receiver.js';
import type { InputSink, InputSource } from './input-sink.js';
import type { VideoFeed } from './video-feed.js';

/** A session without a carrier lives this long, so that a page can come back to it. */
export const SESSION_GRACE_MS = 30_000;
/** A carrier that another one has taken the place of stays this long, unless its page closes it before. */
export const REPLACED_GRACE_MS = 5000;
/** Carriers of one session: the active one, and one to move to or from. */
const MAX_CARRIERS = 2;

export interface SessionIdentity {
  /** A secret of its viewer: what knows it and the sign-in may attach carriers. */
  id: string;
  /** Names the session to everybody else. */
  publicId: string;
  /** The viewer's name, shown to others. */
  name: string;
  role: Role;
  loginId: string;
  watchOnly: boolean;
}

/** What a session needs from whoever keeps the sessions. */
export interface SessionParent {
  readonly video: VideoFeed;
  readonly sink: InputSink;
  /** Appliance clock, microseconds. */
  nowUs(): number;
  /** The viewer says something about control. */
  controlRequested(session: Session, request: ControlRequest): void;
  /** The viewer has sent input. */
  inputReceived(session: Session): void;
  /** The state that others see of this session has changed, or a new carrier needs the state. */
  sessionChanged(session: Session): void;
  sessionEnded(session: Session, reason: ErrorCode): void;
  /** A fresh input epoch, never 0 and never used before. */
  nextEpoch(): number;
}

/**
 * One viewer: who it is, what it rides on, whether it has control. Of its carriers one is active: it alone brings
 * input. A later one stands by, with pictures and states, until the page uses it or the active one closes.
 */
export class Session implements CarrierOwner, InputSource, Seat {
  readonly id: string;
  readonly publicId: string;
  readonly name: string;
  readonly role: Role;
  /** The sign-in that made it; ends with it. */
  readonly loginId: string;
  /** A plain player's session: it only watches and ends with its carrier. */
  readonly watchOnly: boolean;
  readonly #parent: SessionParent;
  readonly #receiver: InputReceiver;
  /** In the order in which they opened. */
  readonly #carriers = new Map<Carrier, AttachedCarrier>();
  /** The one carrier for input; null only without any. */
  #active: Carrier | null = null;
  #inputEpoch = 0;
  /** The epoch that the present one goes on with; 0 when it began with nothing. */
  #continued = 0;
  #pingTimer: NodeJS.Timeout | undefined;
  #graceTimer: NodeJS.Timeout | undefined;
  #inControl = false;
  #ended = false;

  constructor(identity: SessionIdentity, parent: SessionParent) {
    this.id = identity.id;
    this.publicId = identity.publicId;
    this.name = identity.name;
    this.role = identity.role;
    this.loginId = identity.loginId;
    this.watchOnly = identity.watchOnly;
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
    return !this.watchOnly && (this.#active?.interactive ?? false);
  }

  /** What the viewer rides on at the moment. */
  get carrierKind(): Carrier['kind'] | 'none' {
    return this.#active?.kind ?? 'none';
  }

  /** The viewer gets keyframes alone, because its path carries much less than that of the one in control. */
  get thin(): boolean {
    return this.#active !== null && (this.#carriers.get(this.#active)?.thin ?? false);
  }

  /** Sends on every carrier, so that a page that moves to another one misses nothing. */
  send(message: ServerMessage): void {
    for (const carrier of this.#carriers.keys()) carrier.sendMessage(message);
  }

  /** Gives or takes control; what the session holds down is released when it loses it. */
  setControl(inControl: boolean): void {
    if (this.#inControl === inControl) return;
    this.#inControl = inControl;
    this.#active?.sendMessage({ type: 'control', inputEpoch: this.#beginEpoch() });
  }

  controlRefused(error: ErrorCode): void {
    this.#active?.sendMessage({ type: 'control-refused', error });
  }

  carrierOpened(carrier: Carrier): void {
    if (this.#ended) {
      carrier.close('session-ended');
      return;
    }
    const attached = new AttachedCarrier(carrier, {
      decides: () => this.#inControl && carrier === this.#active,
      thinned: () => this.#parent.sessionChanged(this),
    });
    const standby = this.#active !== null;
    this.#carriers.set(carrier, attached);
    this.#active ??= carrier;
    clearTimeout(this.#graceTimer);
    carrier.sendMessage({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: this.id,
      viewer: this.publicId,
      inputEpoch: standby ? 0 : this.#beginEpoch(),
      ...(standby && { standby }),
    });
    this.#makeRoom(carrier);
    attached.watch(this.#parent.video);
    this.#pingTimer ??= setInterval(() => this.#ping(), LIMITS.pingIntervalMs);
    this.#parent.sessionChanged(this);
  }

  carrierMessage(carrier: Carrier, message: ClientMessage): void {
    const attached = this.#carriers.get(carrier);
    if (!attached) return;
    attached.heard();
    if (message.type === 'use-carrier') this.#use(attached, message.continues ?? 0);
    else if (message.type === 'keyframe') this.#parent.video.requestKeyframe(attached);
    else if (carrier === this.#active) this.#parent.controlRequested(this, message);
  }

  carrierBinary(carrier: Carrier, bytes: Uint8Array, lane: Lane): void {
    this.#carriers.get(carrier)?.heard();
    if (decodePong(bytes) !== null) return;
    const echo = decodeEchoRequest(bytes);
    if (echo !== null) carrier.sendBinary(encodeEchoReply(echo, this.#parent.nowUs()), lane);
    else if (carrier === this.#active) {
      this.#parent.inputReceived(this);
      this.#receiver.receive(bytes, lane, (reply, on) => carrier.sendBinary(reply, on));
    }
  }

  carrierNeedsKeyframe(carrier: Carrier): void {
    const attached = this.#carriers.get(carrier);
    if (attached) this.#parent.video.requestKeyframe(attached);
  }

  carrierClosed(carrier: Carrier, reason: ErrorCode): void {
    this.#carriers.get(carrier)?.detach();
    this.#carriers.delete(carrier);
    if (carrier === this.#active) this.#activeClosed(reason);
    else if (this.watchOnly && this.#carriers.size === 0) this.end(reason);
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

  /** The page moves to this carrier and goes on in the epoch `continues`, if it knows one. */
  #use(attached: AttachedCarrier, continues: number): void {
    const { carrier } = attached;
    // The appliance has moved there already, and the page will hear of it: nothing to repeat.
    if (carrier === this.#active && continues === this.#continued) return;
    if (carrier !== this.#active && this.#active) {
      this.#carriers.get(this.#active)?.closeLater('carrier-replaced', REPLACED_GRACE_MS);
    }
    attached.keep();
    this.#moveTo(carrier, continues);
    this.#parent.sessionChanged(this);
  }

  /**
   * Makes this carrier the active one. Where the page is still in the present epoch, the new one goes on with its
   * numbers and with what is held: nothing that is under way gets lost or happens twice.
   */
  #moveTo(carrier: Carrier, continues: number): void {
    const before = this.#inputEpoch;
    this.#active = carrier;
    if (before === 0 || continues !== before || !this.interactive) {
      carrier.sendMessage({ type: 'control', inputEpoch: this.#beginEpoch() });
      return;
    }
    this.#inputEpoch = this.#parent.nextEpoch();
    this.#continued = before;
    this.#receiver.continueEpoch(this.#inputEpoch);
    carrier.sendMessage({ type: 'control', inputEpoch: this.#inputEpoch, continues: before });
  }

  #activeClosed(reason: ErrorCode): void {
    this.#active = null;
    const standby = this.#ended ? undefined : [...this.#carriers.values()].at(-1);
    if (standby) {
      standby.keep();
      this.#moveTo(standby.carrier, this.#inputEpoch);
      this.#parent.sessionChanged(this);
      return;
    }
    clearInterval(this.#pingTimer);
    this.#pingTimer = undefined;
    this.#inputEpoch = 0;
    this.#receiver.end();
    if (this.#ended) return;
    if (this.watchOnly) {
      this.end(reason);
      return;
    }
    this.#beginGrace();
    this.#parent.sessionChanged(this);
  }

  /** Closes the oldest carriers that neither are active nor have just come. */
  #makeRoom(newest: Carrier): void {
    for (const carrier of [...this.#carriers.keys()]) {
      if (this.#carriers.size <= MAX_CARRIERS) return;
      if (carrier !== this.#active && carrier !== newest) carrier.close('carrier-replaced');
    }
  }

  /** Starts a new input epoch if this session may type, else ends input. Returns the epoch, 0 for none. */
  #beginEpoch(): number {
    this.#inputEpoch = this.#inControl && this.interactive ? this.#parent.nextEpoch() : 0;
    this.#continued = 0;
    this.#receiver.beginEpoch(this.#inputEpoch);
    return this.#inputEpoch;
  }

  #ping(): void {
    for (const attached of [...this.#carriers.values()]) attached.ping(this.#parent.nowUs());
  }

  #beginGrace(): void {
    this.#graceTimer = setTimeout(() => this.end('heartbeat-missed'), SESSION_GRACE_MS);
    this.#graceTimer.unref();
  }
}
