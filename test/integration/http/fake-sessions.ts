import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { KvmError } from '../../../server/errors.js';
import type { Login, SessionService, WhepResource } from '../../../server/http/session-service.js';
import type { SessionReply } from '../../../server/protocol/api.js';
import type { ErrorCode } from '../../../server/protocol/error-codes.js';
import type { WebRtcCarrier } from '../../../server/session/carrier.js';

/** A carrier that keeps the HTTP side of the contract and has no media. */
export class FakeCarrier implements WebRtcCarrier {
  readonly kind = 'webrtc';
  readonly interactive = true;
  readonly path = null;
  readonly answerSdp = 'v=0\r\ns=answer\r\n';
  etag = 'ice-1';
  closedFor: ErrorCode | undefined;
  readonly remoteFragments: string[] = [];
  readonly #listeners = new Set<(candidate: string) => void>();
  readonly #gone: () => void;

  constructor(gone: () => void) {
    this.#gone = gone;
  }

  sendMessage(): void {}
  sendBinary(): void {}
  sendAccessUnit(): void {}

  close(reason: ErrorCode): void {
    this.closedFor ??= reason;
    this.#gone();
  }

  async addRemoteCandidates(fragment: string): Promise<void> {
    if (!fragment.includes('a=candidate')) throw new KvmError('bad-candidate');
    this.remoteFragments.push(fragment);
  }

  async restartIce(fragment: string): Promise<string> {
    if (!fragment.includes('a=ice-ufrag')) throw new KvmError('bad-candidate');
    this.etag = 'ice-2';
    return 'a=ice-ufrag:new\r\na=ice-pwd:newpassword\r\n';
  }

  onLocalCandidate(listener: (candidate: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  emitCandidate(candidate: string): void {
    for (const listener of this.#listeners) listener(candidate);
  }
}

/** Sessions in a map, with the owner checks of the contract. */
export class FakeSessions implements SessionService {
  iceServers: SessionReply['iceServers'] = [];
  readonly owners = new Map<string, string>();
  readonly carriers = new Map<string, { loginId: string; carrier: FakeCarrier }>();
  readonly sockets = new Map<string, WebSocket>();
  readonly endedLogins: string[] = [];
  maxViewers = 2;
  /** The sign-in that has control. */
  driver: string | null = null;

  create(login: Login): SessionReply {
    if (this.owners.size >= this.maxViewers) throw new KvmError('too-many-viewers');
    const session = randomUUID();
    this.owners.set(session, login.id);
    return { session, iceServers: this.iceServers, iceTransportPolicy: 'all' };
  }

  iceServersFor(): SessionReply['iceServers'] {
    return this.iceServers;
  }

  has(sessionId: string, loginId: string): boolean {
    return this.owners.get(sessionId) === loginId;
  }

  end(sessionId: string, loginId: string): void {
    if (!this.has(sessionId, loginId)) throw new KvmError('no-session');
    this.owners.delete(sessionId);
  }

  async whep(offer: string, sessionId: string | null, login: Login): Promise<WhepResource> {
    if (sessionId !== null && !this.has(sessionId, login.id)) throw new KvmError('no-session');
    if (!offer.startsWith('v=0')) throw new KvmError('bad-sdp');
    if (!offer.includes('m=video')) throw new KvmError('no-video');
    if (!offer.includes('H264')) throw new KvmError('no-h264');
    const id = randomUUID();
    const carrier = new FakeCarrier(() => this.carriers.delete(id));
    this.carriers.set(id, { loginId: login.id, carrier });
    return { id, carrier };
  }

  findCarrier(resourceId: string, loginId: string): FakeCarrier | undefined {
    const entry = this.carriers.get(resourceId);
    return entry?.loginId === loginId ? entry.carrier : undefined;
  }

  attachSocket(sessionId: string, login: Login, socket: WebSocket): void {
    if (!this.has(sessionId, login.id)) throw new KvmError('no-session');
    this.sockets.set(sessionId, socket);
  }

  endByLogin(loginId: string): void {
    this.endedLogins.push(loginId);
    for (const [session, owner] of this.owners) {
      if (owner !== loginId) continue;
      this.owners.delete(session);
      this.sockets.get(session)?.close(1000, 'logged-out');
    }
    for (const { loginId: owner, carrier } of [...this.carriers.values()]) {
      if (owner === loginId) carrier.close('logged-out');
    }
  }

  mayDrive({ id: loginId, role }: Login): boolean {
    if (role === 'watcher') return false;
    return this.driver === null || this.driver === loginId;
  }

  inUse(loginId: string): boolean {
    return [...this.owners.values()].includes(loginId);
  }
}
