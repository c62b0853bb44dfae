import { randomBytes } from 'node:crypto';
import { KvmError } from '../errors.js';
import type { Logger } from '../logger.js';
import type {
  ControlRequest,
  ServerMessage,
  StateMessage,
  ViewerInfo,
} from '../protocol/control-messages.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import type { Role } from '../protocol/role.js';
import { ActBudget } from './act-budget.js';
import { ControlDesk, type ControlRules } from './control-desk.js';
import { type DeskTimers, SYSTEM_TIMERS } from './desk-timers.js';
import type { InputSink } from './input-sink.js';
import { Session, type SessionIdentity, type SessionParent } from './session.js';
import type { VideoFeed } from './video-feed.js';

/** The state message is sent this often while somebody is connected, and at once on change. */
const STATE_INTERVAL_MS = 1000;

export interface SessionManagerOptions {
  video: VideoFeed;
  sink: InputSink;
  maxViewers: number;
  control: ControlRules;
  nowUs(): number;
  /** The clock of control; the appliance's unless a test has its own. */
  timers?: DeskTimers;
  /** The state without the viewers. */
  readState(): Omit<StateMessage, 'viewers' | 'control'>;
  logger: Logger;
}

/** All viewer sessions, the one that has control, and the state that they are shown. */
export class SessionManager implements SessionParent {
  readonly video: VideoFeed;
  readonly sink: InputSink;
  readonly #options: SessionManagerOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #desk: ControlDesk<Session>;
  readonly #budgets = new WeakMap<Session, ActBudget>();
  readonly #timers: DeskTimers;
  #epoch = 0;
  #stateTimer: NodeJS.Timeout | undefined;
  #stateQueued = false;
  #closed = false;

  constructor(options: SessionManagerOptions) {
    this.#options = options;
    this.video = options.video;
    this.sink = options.sink;
    this.#timers = options.timers ?? SYSTEM_TIMERS;
    this.#desk = new ControlDesk(options.control, this.#timers, () => this.stateChanged());
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** All viewers as others see them, the oldest first. */
  get viewers(): ViewerInfo[] {
    return [...this.#sessions.values()].map((session) => this.#viewer(session));
  }

  /** Makes a session. Throws KvmError('too-many-viewers') or, while closing, 'shutting-down'. */
  create(viewer: Omit<SessionIdentity, 'id' | 'publicId'>): Session {
    if (this.#closed) throw new KvmError('shutting-down');
    if (this.#sessions.size >= this.#options.maxViewers) {
      throw new KvmError(
        'too-many-viewers',
        `All ${this.#options.maxViewers} viewer places are taken (--max-viewers).`,
      );
    }
    const id = randomBytes(16).toString('base64url');
    const publicId = randomBytes(6).toString('base64url');
    const session = new Session({ id, publicId, ...viewer }, this);
    this.#sessions.set(id, session);
    // The id is a secret of its viewer: the log gets its beginning.
    this.#options.logger.info({ session: id.slice(0, 6), viewer: viewer.name }, 'session created');
    return session;
  }

  /** The session of this sign-in, or undefined when there is none or it is another's. */
  find(id: string, loginId: string): Session | undefined {
    const session = this.#sessions.get(id);
    return session?.loginId === loginId ? session : undefined;
  }

  hasLogin(loginId: string): boolean {
    return [...this.#sessions.values()].some((session) => session.loginId === loginId);
  }

  /** True unless the role only watches, or a session of another sign-in has control and is there to use it. */
  mayDrive(login: { id: string; role: Role }): boolean {
    if (login.role === 'watcher') return false;
    const { holder } = this.#desk;
    return !holder?.interactive || holder.loginId === login.id;
  }

  /** Ends every session of a sign-in, input and media at once. */
  endByLogin(loginId: string, reason: ErrorCode): void {
    for (const session of [...this.#sessions.values()]) {
      if (session.loginId === loginId) session.end(reason);
    }
  }

  /** Other rules of control from now on; where it is shared no longer, a session of this sign-in keeps it if it can. */
  changeControl(rules: ControlRules, loginId: string): void {
    const own = [...this.#sessions.values()].filter((session) => session.loginId === loginId);
    this.#desk.changeRules(rules, own.find((session) => session.interactive) ?? null);
  }

  nowUs(): number {
    return this.#options.nowUs();
  }

  nextEpoch(): number {
    this.#epoch += 1;
    return this.#epoch;
  }

  controlRequested(session: Session, request: ControlRequest): void {
    if (!this.#budgetOf(session).spend()) {
      session.controlRefused('throttled');
      return;
    }
    switch (request.type) {
      case 'take-control':
        this.#desk.take(session);
        break;
      case 'request-control':
        this.#desk.request(session);
        break;
      case 'withdraw-request':
        this.#desk.withdraw(session);
        break;
      case 'grant-control':
        this.#withViewer(request.viewer, (other) => this.#desk.grant(session, other));
        break;
      case 'refuse-control':
        this.#withViewer(request.viewer, (other) => this.#desk.refuse(session, other));
        break;
      case 'release-control':
        this.#desk.release(session);
        break;
    }
  }

  inputReceived(session: Session): void {
    this.#desk.touch(session);
  }

  sessionChanged(session: Session): void {
    this.#desk.update(session);
    this.#stateTimer ??= setInterval(() => this.#sendState(), STATE_INTERVAL_MS);
    this.stateChanged();
  }

  sessionEnded(session: Session, reason: ErrorCode): void {
    this.#sessions.delete(session.id);
    this.#desk.leave(session);
    this.#options.logger.info({ session: session.id.slice(0, 6), reason }, 'session closed');
    if (this.#sessions.size === 0) {
      clearInterval(this.#stateTimer);
      this.#stateTimer = undefined;
    }
    this.stateChanged();
  }

  /** Something of the state message has changed: it is sent once, after what runs now. */
  stateChanged(): void {
    if (this.#stateQueued) return;
    this.#stateQueued = true;
    queueMicrotask(() => {
      this.#stateQueued = false;
      this.#sendState();
    });
  }

  close(): void {
    this.#closed = true;
    for (const session of [...this.#sessions.values()]) session.end('shutting-down');
    this.#desk.close();
  }

  /** Each act is told to all viewers: nobody may make the appliance talk without end. */
  #budgetOf(session: Session): ActBudget {
    let budget = this.#budgets.get(session);
    if (!budget) {
      budget = new ActBudget(() => this.#timers.nowMs());
      this.#budgets.set(session, budget);
    }
    return budget;
  }

  /** Does nothing when that viewer has left meanwhile. */
  #withViewer(publicId: string, act: (session: Session) => void): void {
    const found = [...this.#sessions.values()].find((session) => session.publicId === publicId);
    if (found) act(found);
  }

  #viewer(session: Session): ViewerInfo {
    return {
      id: session.publicId,
      name: session.name,
      role: session.role,
      inControl: session.inControl,
      asking: this.#desk.isAsking(session),
      player: session.watchOnly,
      carrier: session.carrierKind,
      ...(session.thin && { thin: true }),
    };
  }

  #sendState(): void {
    const sessions = [...this.#sessions.values()];
    if (sessions.length === 0) return;
    const message: ServerMessage = {
      ...this.#options.readState(),
      control: this.#desk.rules,
      viewers: this.viewers,
    };
    for (const session of sessions) session.send(message);
  }
}
