import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../../auth/authenticator.js';
import { errorCodeOf } from '../../errors.js';
import type { Logger } from '../../logger.js';
import {
  ClaimRequest,
  LoginReply,
  LoginRequest,
  PasswordRequest,
  StatusReply,
} from '../../protocol/api.js';
import { API } from '../../protocol/api-paths.js';
import { PROTOCOL_VERSION } from '../../protocol/version.js';
import { onlyMethods } from '../only-methods.js';
import { requireSignIn, SIGNED_IN_ONLY } from '../request-guard.js';
import { clearSignInCookie, setSignInCookie } from '../sign-in-cookie.js';

/** What the account routes work with. */
export interface AccountRoutesOptions {
  readonly auth: Authenticator;
  readonly logger: Logger;
  /** Version of the program. */
  readonly version: string;
  /** SHA-256 of the certificate served now, hex. */
  certificateSha256(): string;
}

/** Status, claim, login, logout and password. */
export function addAccountRoutes(app: FastifyInstance, options: AccountRoutesOptions): void {
  const { auth, logger } = options;

  app.get(
    `/${API.status}`,
    { schema: { response: { 200: StatusReply } } },
    (request): StatusReply => {
      // Somebody looks at an unclaimed unit: the code they are asked for must be on show.
      auth.offerClaim();
      return {
        claimed: auth.claimed,
        signedIn: request.signIn !== null,
        name: request.signIn?.name ?? null,
        role: request.signIn?.role ?? null,
        version: options.version,
        protocol: PROTOCOL_VERSION,
        certificateSha256: options.certificateSha256(),
      };
    },
  );

  app.post<{ Body: ClaimRequest }>(
    `/${API.claim}`,
    { schema: { body: ClaimRequest, response: { 200: LoginReply } } },
    async (request, reply): Promise<LoginReply> => {
      const { code, name, password } = request.body;
      const { signIn, token } = await recorded(
        auth.claim(code, name, password, request.ip),
        'claim',
        request,
        logger,
      );
      setSignInCookie(reply, token);
      return { name: signIn.name };
    },
  );

  app.post<{ Body: LoginRequest }>(
    `/${API.login}`,
    { schema: { body: LoginRequest, response: { 200: LoginReply } } },
    async (request, reply): Promise<LoginReply> => {
      const { name, password, bearer } = request.body;
      const { signIn, token } = await recorded(
        auth.login(name, password, request.ip),
        'sign-in',
        request,
        logger,
      );
      // A browser that signs in anew must not leave its old sign-in behind.
      if (request.signIn) auth.signIns.end(request.signIn.id);
      if (bearer) return { name: signIn.name, token };
      setSignInCookie(reply, token);
      return { name: signIn.name };
    },
  );

  app.post(`/${API.logout}`, SIGNED_IN_ONLY, (request, reply): FastifyReply => {
    auth.signIns.end(requireSignIn(request).id);
    clearSignInCookie(reply);
    return reply.code(204).send();
  });

  app.post<{ Body: PasswordRequest }>(
    `/${API.password}`,
    { ...SIGNED_IN_ONLY, schema: { body: PasswordRequest } },
    async (request, reply) => {
      const { current, next } = request.body;
      const change = auth.changePassword(requireSignIn(request), current, next, request.ip);
      await recorded(change, 'password change', request, logger);
      return reply.code(204).send();
    },
  );

  onlyMethods(app, `/${API.status}`, ['GET', 'HEAD']);
  for (const path of [API.claim, API.login, API.logout, API.password]) {
    onlyMethods(app, `/${path}`, ['POST']);
  }
}

/**
 * Puts what was tried into the log, with the address. The name is left out: people type passwords into the wrong field.
 * Throttled tries are left out too, or they would fill the log.
 */
async function recorded<T>(
  work: Promise<T>,
  what: string,
  request: FastifyRequest,
  logger: Logger,
): Promise<T> {
  const address = request.ip;
  try {
    const result = await work;
    logger.info({ address }, `${what} accepted`);
    return result;
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'wrong-password' || code === 'wrong-code') {
      logger.warn({ address, error: code }, `${what} refused`);
    }
    throw error;
  }
}
