import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SignIn, SignIns } from '../auth/sign-ins.js';
import { KvmError } from '../errors.js';
import type { HostPolicy } from './host-policy.js';
import { requestToken } from './sign-in-cookie.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent the request, or null. Routes that need it use {@link requireSignIn}. */
    signIn: SignIn | null;
  }
  interface FastifyContextConfig {
    /** The route takes WebSocket handshakes. */
    upgrade?: true;
  }
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Looks at every request before its body is read: the Host must be ours (DNS rebinding), and a write or an upgrade
 * with a cookie must come from our own page (cross-site request forgery, cross-site WebSocket hijacking).
 */
export function guardRequests(app: FastifyInstance, hosts: HostPolicy, signIns: SignIns): void {
  app.decorateRequest('signIn', null);
  app.addHook('onRequest', async (request) => {
    if (!hosts.allowsHost(request.host)) throw new KvmError('wrong-host');
    const credential = requestToken(request);
    // The plugin would open a socket on any route and then close it.
    if (request.ws && !request.routeOptions.config.upgrade) throw new KvmError('not-found');
    if (!READING.has(request.method) || request.ws) {
      checkOrigin(request, hosts, credential?.kind);
    }
    request.signIn = credential ? (signIns.find(credential.token) ?? null) : null;
  });
}

/** The sign-in of a request. Throws KvmError login-required. */
export function requireSignIn(request: FastifyRequest): SignIn {
  if (!request.signIn) throw new KvmError('login-required');
  return request.signIn;
}

/** Route option that refuses strangers before their body is read. */
export const SIGNED_IN_ONLY = {
  onRequest: async (request: FastifyRequest): Promise<void> => {
    requireSignIn(request);
  },
};

/** Route option that refuses everybody but owners before the body is read. */
export const OWNER_ONLY = {
  onRequest: async (request: FastifyRequest): Promise<void> => {
    if (requireSignIn(request).role !== 'owner') throw new KvmError('not-allowed');
  },
};

function checkOrigin(
  request: FastifyRequest,
  hosts: HostPolicy,
  credential: 'bearer' | 'cookie' | undefined,
): void {
  // No page can make a browser send a bearer token that the page does not know.
  if (credential === 'bearer') return;
  const { origin } = request.headers;
  // Browsers name the origin of each write; without a cookie there is nothing to ride on, so programs may leave it out.
  if (origin === undefined && credential === undefined) return;
  if (origin === undefined || !hosts.allowsOrigin(origin, request.host)) {
    throw new KvmError('wrong-origin');
  }
}
