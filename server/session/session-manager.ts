import { randomBytes } from 'node:crypto';
import { KvmError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { ServerMessage, StateMessage } from '../protocol/control-messages.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import type { InputSink } from './input-sink.js';
import { Session, type SessionIdentity, type SessionParent } from './session.js';
import type { VideoFeed } from './video-feed.js';

/** The state message is sent this often while somebody is connected, and at once on change. */
const STATE_INTERVAL_MS = 1000;

export interface SessionManagerOptions {
  video: VideoFeed;
  sink: InputSink;
  maxViewers: number;
  nowUs(): number;
  /** The state without the viewers. */
  readState(): Omit<StateMessage, 'viewers'>;
  logger: Logger;
}

/** All viewer sessions, the one that has control, and the state that they are shown. */
export class SessionManager implements SessionParent {
  readonly video: VideoFeed;
  readonly sink: InputSink;
  readonly #options: SessionManagerOptions;
  readonly #sessions = new Map<string, Session>();
  #holder: Session | null = null;
  #epoch = 0;
  #stateTimer: NodeJS.Timeout | undefined;
  #stateQueued = false;
  #closed = false;

  constructor(options: SessionManagerOptions) {
    this.#options = options;
    this.video = options.video;
    this.sink = options.sink;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Makes a session. Throws KvmError('too-many-viewers') or, while closing, 'shutting-down'. */
  create(viewer: Omit<SessionIdentity, 'id'>): Session {
    if (this.#closed) throw new KvmError('shutting-down');
    if (this.#sessions.size >= this.#options.maxViewers) {
      throw new KvmError(
        'too-many-viewers',
        `All ${this.#options.maxViewers} viewer places are taken (--max-viewers).`,
      );
    }
    const id = randomBytes(16).toString('base64url');
    const session = new Session({ id, ...viewer }, this);
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

  /** True unless a session of another sign-in has control and is there to use it. */
  mayDrive(loginId: string): boolean {
    return !this.#holder?.interactive || this.#holder.loginId === loginId;
  }

  /** Ends every session of a sign-in, input and media at once. */
  endByLogin(loginId: string, reason: ErrorCode): void {
    for (const session of [...this.#sessions.values()]) {
      if (session.loginId === loginId) session.end(reason);
    }
  }

  nowUs(): number {
    return this.#options.nowUs();
  }

  nextEpoch(): number {
    this.#epoch += 1;
    return this.#epoch;
  }

  takeControl(session: Session): void {
    if (session === this.#holder || !session.interactive) return;
    const previous = this.#holder;
    this.#holder = session;
    previous?.setControl(false);
    session.setControl(true);
    this.stateChanged();
  }

  releaseControl(session: Session): void {
    if (session !== this.#holder) return;
    this.#holder = null;
    session.setControl(false);
    this.stateChanged();
  }

  sessionChanged(session: Session): void {
    // A holder that is away (reloading, out of reach) does not lock others out; it keeps control while nobody comes.
    if (!this.#holder?.interactive) this.takeControl(session);
    this.#stateTimer ??= setInterval(() => this.#sendState(), STATE_INTERVAL_MS);
    this.stateChanged();
  }

  sessionEnded(session: Session, reason: ErrorCode): void {
    this.#sessions.delete(session.id);
    this.releaseControl(session);
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
  }

  #sendState(): void {
    const sessions = [...this.#sessions.values()];
    if (sessions.length === 0) return;
    const message: ServerMessage = {
      ...this.#options.readState(),
      viewers: sessions.map((session) => session.viewer),
    };
    for (const session of sessions) session.send(message);
  }
}
