import { ERRORS, type ErrorCode } from '../../../server/protocol/error-codes.js';
import type { Transport } from './transport-choice.js';

/** A carrier that says nothing for this long may be dead: pings, echoes and states come each second. */
export const SILENT_MS = 1800;
/** The better carrier is used when its pictures have come for this long. */
export const STEADY_MS = 1000;
/** Where no carrier has pictures, the better one is used when it has been open for this long. */
export const NO_PICTURE_MS = 2500;
/** Pictures come over the other carrier and none over this one: it is given up after this time. */
export const BLIND_MS = 8000;
/** Delays before WebRTC is tried again, the last one repeated. */
export const RETRY_MS = [1000, 5000, 15_000, 30_000, 60_000, 120_000, 300_000] as const;
/** A WebSocket that could not be opened is tried again after this. */
const SOCKET_RETRY_MS = 2000;

/** The appliance or the browser has said that it will never work. */
const NEVER: ReadonlySet<string> = new Set(['no-h264', 'no-video', 'bad-sdp', 'no-decoder']);

/** What the ladder does; each is about the carrier of that transport. */
export interface LadderActions {
  open(transport: Transport): void;
  /** Asks the appliance to move there; {@link Ladder.moved} says that it has. */
  use(transport: Transport): void;
  /** Ends a carrier; {@link Ladder.closed} is not called for it. */
  close(transport: Transport): void;
  /** Looks for another way through the network for an open carrier. */
  repair(transport: Transport): void;
}

/** What is known of an open carrier. */
export interface CarrierFacts {
  /** When the appliance was last heard on it. */
  heardMs: number;
  /** Pictures decoded since it was made. */
  frames: number;
}

/** One carrier, on its way or open. */
class Step {
  openedMs: number | null = null;
  heardMs = 0;
  frames = 0;
  /** When the pictures that count began to come; null before, and after each silence. */
  steadySinceMs: number | null = null;
  /** Pictures since then. */
  steadyFrames = 0;
  proven = false;
  repaired = false;

  get open(): boolean {
    return this.openedMs !== null;
  }

  silent(nowMs: number): boolean {
    return this.open && nowMs - this.heardMs > SILENT_MS;
  }

  observe(facts: CarrierFacts, nowMs: number): void {
    this.heardMs = Math.max(this.heardMs, facts.heardMs);
    const more = facts.frames - this.frames;
    this.frames = facts.frames;
    if (this.silent(nowMs)) {
      this.proven = false;
      this.steadySinceMs = null;
      this.steadyFrames = 0;
      return;
    }
    this.repaired = false;
    if (more <= 0) return;
    this.steadySinceMs ??= nowMs;
    this.steadyFrames += more;
  }
}

/**
 * Which carriers a session has, and which one it uses. WebRTC and the WebSocket start together; whichever is there
 * first is used, WebRTC from when it is steady on, and then the WebSocket ends. When WebRTC falls silent or dies the
 * WebSocket comes back, and WebRTC is tried again from time to time. Knows no network: it is told and it decides.
 */
export class Ladder {
  readonly #actions: LadderActions;
  readonly #transports: readonly Transport[];
  readonly #steps = new Map<Transport, Step>();
  /** The socket's pictures when WebRTC opened: whether there is anything to see. */
  #framesBefore = 0;
  #active: Transport | null = null;
  #asked: Transport | null = null;
  #failures = 0;
  #retryAtMs = Number.POSITIVE_INFINITY;
  #socketAtMs = 0;
  #why: string | null = null;

  constructor(transports: readonly Transport[], actions: LadderActions) {
    this.#transports = transports;
    this.#actions = actions;
  }

  /** Nothing is open and nothing is on its way. */
  get down(): boolean {
    return this.#steps.size === 0;
  }

  /** Whether it matters how many pictures come. */
  get choosing(): boolean {
    return this.#steps.size > 1 || this.#active !== this.#transports[0];
  }

  /** Why the better one is not used, in plain words. */
  get why(): string | null {
    if (this.#active === 'webrtc' || !this.#transports.includes('webrtc')) return null;
    const web = this.#steps.get('webrtc');
    if (!web) return this.#why;
    if (!web.open) return this.#why ?? 'Trying WebRTC, too';
    if (this.#blind(web)) return 'WebRTC connects, but no picture comes through it';
    return 'WebRTC is there, and is used when it is steady';
  }

  begin(): void {
    for (const transport of this.#transports) this.#open(transport);
  }

  opened(transport: Transport, nowMs: number): void {
    const step = this.#steps.get(transport);
    if (!step) return;
    step.openedMs = nowMs;
    step.heardMs = nowMs;
    if (transport === 'webrtc') this.#framesBefore = this.#steps.get('websocket')?.frames ?? 0;
  }

  /** Input goes over this carrier now: the appliance said so. */
  moved(transport: Transport): void {
    this.#active = transport;
    this.#asked = null;
  }

  /** A carrier ended or could not be opened. */
  closed(transport: Transport, reason: ErrorCode | 'lost', nowMs: number): void {
    const step = this.#steps.get(transport);
    if (!step) return;
    this.#steps.delete(transport);
    if (this.#asked === transport) this.#asked = null;
    if (this.#active === transport) this.#active = null;
    if (transport === 'webrtc') this.#webRtcFailed(step, reason, nowMs);
    else this.#socketAtMs = step.open ? nowMs : nowMs + SOCKET_RETRY_MS;
    if (NEVER.has(reason) && transport === 'websocket') this.#socketAtMs = Number.POSITIVE_INFINITY;
    const other = [...this.#steps].find(([, { open }]) => open);
    if (this.#active === null && other) this.#use(other[0]);
  }

  /** The network of this computer has changed: ways that were closed may be open, and the other way round. */
  networkChanged(nowMs: number): void {
    this.#failures = 0;
    if (Number.isFinite(this.#retryAtMs)) this.#retryAtMs = nowMs;
    if (this.#steps.get('webrtc')?.open) this.#actions.repair('webrtc');
  }

  /** Called several times a second. */
  tick(nowMs: number, facts: ReadonlyMap<Transport, CarrierFacts>): void {
    for (const [transport, step] of this.#steps) {
      const seen = facts.get(transport);
      if (seen && step.open) step.observe(seen, nowMs);
    }
    const web = this.#steps.get('webrtc');
    if (!web) this.#withoutWebRtc(nowMs);
    else if (web.silent(nowMs)) this.#besideSilence(web, nowMs);
    else if (web.open) this.#towardsWebRtc(web, nowMs);
  }

  #withoutWebRtc(nowMs: number): void {
    this.#wantSocket(nowMs);
    if (this.#transports.includes('webrtc') && nowMs >= this.#retryAtMs) this.#open('webrtc');
  }

  /** It may come back, and it may be dead: the WebSocket is at hand before that is known. */
  #besideSilence(web: Step, nowMs: number): void {
    if (!web.repaired) {
      web.repaired = true;
      this.#actions.repair('webrtc');
    }
    this.#wantSocket(nowMs);
    const socket = this.#steps.get('websocket');
    if (this.#active === 'webrtc' && socket?.open && !socket.silent(nowMs)) this.#use('websocket');
  }

  #towardsWebRtc(web: Step, nowMs: number): void {
    const socket = this.#steps.get('websocket');
    if (!this.#steady(web, nowMs)) {
      if (!this.#blind(web) || nowMs - (web.openedMs ?? nowMs) < BLIND_MS) return;
      this.closed('webrtc', 'lost', nowMs);
      this.#actions.close('webrtc');
      this.#why = 'WebRTC connects, but no picture comes through it';
      return;
    }
    web.proven = true;
    if (this.#active !== 'webrtc') this.#use('webrtc');
    else if (socket) {
      this.#steps.delete('websocket');
      this.#actions.close('websocket');
    }
  }

  #steady(web: Step, nowMs: number): boolean {
    if (web.proven) return true;
    if (web.steadySinceMs === null) {
      const there = web.openedMs !== null && nowMs - web.openedMs >= NO_PICTURE_MS;
      return there && !this.#blind(web);
    }
    return web.steadyFrames > 1 && nowMs - web.steadySinceMs >= STEADY_MS;
  }

  /** Pictures come, but not over WebRTC. */
  #blind(web: Step): boolean {
    const socketFrames = this.#steps.get('websocket')?.frames ?? 0;
    return web.frames === 0 && socketFrames > this.#framesBefore;
  }

  #webRtcFailed(step: Step, reason: ErrorCode | 'lost', nowMs: number): void {
    if (step.proven) this.#failures = 0;
    const delayMs = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#retryAtMs = NEVER.has(reason) ? Number.POSITIVE_INFINITY : nowMs + delayMs;
    if (NEVER.has(reason) && reason !== 'lost') this.#why = ERRORS[reason].message;
    else if (step.open) this.#why = 'WebRTC broke off, and is tried again';
    else this.#why = 'WebRTC found no way through this network, and is tried again';
  }

  #wantSocket(nowMs: number): void {
    const wanted = this.#transports.includes('websocket') && !this.#steps.has('websocket');
    if (wanted && nowMs >= this.#socketAtMs) this.#open('websocket');
  }

  #use(transport: Transport): void {
    if (this.#asked === transport) return;
    this.#asked = transport;
    this.#actions.use(transport);
  }

  #open(transport: Transport): void {
    this.#steps.set(transport, new Step());
    this.#actions.open(transport);
  }
}
