import { randomBytes } from 'node:crypto';
import { KvmError } from '../errors.js';
import type { SessionReply } from '../protocol/api.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import type { Role } from '../protocol/role.js';
import type { CarrierOwner, WebRtcCarrier, WebRtcCarrierFactory } from './carrier.js';
import type { Session } from './session.js';
import type { SessionManager } from './session-manager.js';

export interface SessionGatewayOptions<Socket> {
  manager: SessionManager;
  webrtc: WebRtcCarrierFactory;
  /** Makes a WebSocket carrier of an open socket. */
  attachSocket(socket: Socket, owner: CarrierOwner): void;
  ice: ViewerIce;
}

/** What viewers are told about STUN and TURN servers. */
export interface ViewerIce {
  readonly policy: 'all' | 'relay';
  /** With a fresh login for the viewer of this name. */
  forViewer(name: string): SessionReply['iceServers'];
}

/** The viewer behind a request: `id` names the sign-in, `name` the user. */
interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/**
 * What the HTTP routes call: makes sessions and attaches carriers to them. Every id comes from outside, so each
 * call checks the owner: what belongs to another sign-in does not exist for the caller.
 */
export class SessionGateway<Socket> {
  readonly #options: SessionGatewayOptions<Socket>;
  readonly #resources = new Map<string, { carrier: WebRtcCarrier; loginId: string }>();

  constructor(options: SessionGatewayOptions<Socket>) {
    this.#options = options;
  }

  create(login: Viewer): SessionReply {
    const session = this.#create(login, false);
    const { ice } = this.#options;
    return {
      session: session.id,
      iceServers: ice.forViewer(login.name),
      iceTransportPolicy: ice.policy,
    };
  }

  iceServersFor(login: Viewer): SessionReply['iceServers'] {
    return this.#options.ice.forViewer(login.name);
  }

  has(sessionId: string, loginId: string): boolean {
    return this.#options.manager.find(sessionId, loginId) !== undefined;
  }

  endByLogin(loginId: string, reason: ErrorCode): void {
    this.#options.manager.endByLogin(loginId, reason);
  }

  mayDrive(login: Viewer): boolean {
    return this.#options.manager.mayDrive(login);
  }

  inUse(loginId: string): boolean {
    return this.#options.manager.hasLogin(loginId);
  }

  end(sessionId: string, loginId: string): void {
    this.#find(sessionId, loginId).end('session-ended');
  }

  /** With `sessionId` null the carrier gets a session of its own that only watches. */
  async whep(offerSdp: string, sessionId: string | null, login: Viewer) {
    const session = sessionId ? this.#find(sessionId, login.id) : this.#create(login, true);
    const id = randomBytes(16).toString('base64url');
    let closed = false;
    const owner: CarrierOwner = {
      carrierOpened: (carrier) => session.carrierOpened(carrier),
      carrierMessage: (carrier, message) => session.carrierMessage(carrier, message),
      carrierBinary: (carrier, bytes, lane) => session.carrierBinary(carrier, bytes, lane),
      carrierNeedsKeyframe: (carrier) => session.carrierNeedsKeyframe(carrier),
      carrierClosed: (carrier, reason) => {
        closed = true;
        this.#resources.delete(id);
        session.carrierClosed(carrier, reason);
      },
    };
    try {
      const carrier = await this.#options.webrtc.answer(offerSdp, owner);
      // The session may have ended while the answer was made.
      if (session.ended) {
        carrier.close('session-ended');
        throw new KvmError('session-ended');
      }
      if (!closed) this.#resources.set(id, { carrier, loginId: login.id });
      return { id, carrier };
    } catch (error) {
      if (!sessionId) session.end('connect-failed');
      throw error;
    }
  }

  findCarrier(resourceId: string, loginId: string): WebRtcCarrier | undefined {
    const resource = this.#resources.get(resourceId);
    return resource?.loginId === loginId ? resource.carrier : undefined;
  }

  attachSocket(sessionId: string, login: Viewer, socket: Socket): void {
    this.#options.attachSocket(socket, this.#find(sessionId, login.id));
  }

  #create(login: Viewer, watchOnly: boolean): Session {
    const { id, name, role } = login;
    return this.#options.manager.create({ name, role, loginId: id, watchOnly });
  }

  #find(sessionId: string, loginId: string): Session {
    const session = this.#options.manager.find(sessionId, loginId);
    if (!session) throw new KvmError('no-session');
    return session;
  }
}
