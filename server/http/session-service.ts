import type { WebSocket } from 'ws';
import type { SessionReply } from '../protocol/api.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import type { Role } from '../protocol/role.js';
import type { WebRtcCarrier } from '../session/carrier.js';

/** The sign-in behind a request. A viewer session belongs to the sign-in that made it. */
export interface Login {
  /** Names the sign-in, not the user: two browsers of one user have two. */
  readonly id: string;
  /** The user's name. */
  readonly name: string;
  readonly role: Role;
}

/** A carrier made by WHEP and the name of its resource: whep/ID. */
export interface WhepResource {
  readonly id: string;
  readonly carrier: WebRtcCarrier;
}

/**
 * What the HTTP routes need from the sessions. Every id comes from outside, so each call checks the owner: a
 * session of another sign-in does not exist for the caller.
 */
export interface SessionService {
  /** Servers for ICE with fresh logins, for WHEP's Link headers; the session reply has them too. */
  iceServersFor(login: Login): SessionReply['iceServers'];
  /** Makes a viewer session. Throws KvmError too-many-viewers. */
  create(login: Login): SessionReply;
  /** True while the session lives and belongs to this sign-in. */
  has(sessionId: string, loginId: string): boolean;
  /** Ends a session. Throws KvmError no-session. */
  end(sessionId: string, loginId: string): void;
  /** Attaches a WebRTC carrier to the session, or with null to a new session that only watches and ends with it. */
  whep(offerSdp: string, sessionId: string | null, login: Login): Promise<WhepResource>;
  /** The carrier of a WHEP resource while it is open and belongs to this sign-in. */
  findCarrier(resourceId: string, loginId: string): WebRtcCarrier | undefined;
  /** Attaches an open WebSocket, which the session owns from here on. Throws KvmError no-session. */
  attachSocket(sessionId: string, login: Login, socket: WebSocket): void;
  /** Ends every session of a sign-in, media and input at once. */
  endByLogin(loginId: string, reason: ErrorCode): void;
  /** True unless the role only watches, or a viewer of another sign-in has control. */
  mayDrive(login: Login): boolean;
  /** True while the sign-in has a session: it is in use and does not expire for idleness. */
  inUse(loginId: string): boolean;
}
