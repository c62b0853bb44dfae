import cookie from '@fastify/cookie';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance } from 'fastify';
import type { Authenticator } from '../auth/authenticator.js';
import type { Logger } from '../logger.js';
import { LIMITS } from '../protocol/limits.js';
import { answerClientError } from './client-error.js';
import { limitConnections } from './connection-limit.js';
import type { ControlService } from './control-service.js';
import type { EdidService } from './edid-service.js';
import { answerErrors, sendError } from './error-reply.js';
import { HostPolicy } from './host-policy.js';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.js';
import type { IceService } from './ice-service.js';
import type { MachineNames } from './machine-names.js';
import { servePage } from './page.js';
import { guardRequests } from './request-guard.js';
import { addAccountListRoutes } from './routes/account-list-routes.js';
import { addAccountRoutes } from './routes/account-routes.js';
import { addControlRoutes } from './routes/control-routes.js';
import { addEdidRoutes } from './routes/edid-routes.js';
import { addIceRoutes } from './routes/ice-routes.js';
import { addSessionRoutes } from './routes/session-routes.js';
import { addUsbRoutes } from './routes/usb-routes.js';
import { addWhepRoutes } from './routes/whep-routes.js';
import { addSecurityHeaders } from './security-headers.js';
import type { SessionService } from './session-service.js';
import { type TlsIdentity, tlsOptions } from './tls-identity.js';
import type { UsbCommands } from './usb-commands.js';

/** What the application is made of; the composition root and the tests give it. */
export interface AppParts {
  readonly auth: Authenticator;
  readonly sessions: SessionService;
  readonly control: ControlService;
  /** Null for a target that is not captured. */
  readonly edid: EdidService | null;
  /** Null for a target without a USB gadget. */
  readonly usb: UsbCommands | null;
  /** STUN and TURN servers. */
  readonly ice: IceService;
  readonly logger: Logger;
  /** Version of the program. */
  readonly version: string;
  /** The certificate served now; it may change while running. */
  identity(): TlsIdentity;
  /** The bundled page. */
  readonly pageDir: string;
  readonly extraHosts: readonly string[];
  readonly publicUrl: string | null;
  readonly trustedProxies: readonly string[];
  /** For tests. */
  readonly limits?: Partial<HttpLimits>;
  readonly readNames?: () => MachineNames;
}

/** Expired sign-ins end within this time. */
const SWEEP_INTERVAL_MS = 60_000;

/** Builds the HTTPS application without listening. The caller closes it. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const { auth, sessions, logger, publicUrl, trustedProxies } = parts;
  const limits: HttpLimits = { ...HTTP_LIMITS, ...parts.limits };
  const app: FastifyInstance = fastify({
    https: {
      ...tlsOptions(parts.identity()),
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: limits.handshakeTimeoutMs,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs,
      maxHeaderSize: limits.maxHeaderBytes,
    },
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionTimeout: limits.silenceTimeoutMs,
    bodyLimit: LIMITS.maxBodyBytes,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    forceCloseConnections: true,
    logger: false,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
    frameworkErrors: (error, request, reply) => sendError(error, request, reply, logger),
    clientErrorHandler: answerClientError,
  }) as unknown as FastifyInstance;
  limitConnections(app.server, limits, trustedProxies);

  answerErrors(app, logger);
  await addSecurityHeaders(app);
  await app.register(cookie);
  await app.register(websocket, {
    options: { maxPayload: LIMITS.maxMessageBytes, perMessageDeflate: false },
    // ws closes the socket after each error, and a viewer that vanishes is no fault of ours.
    errorHandler: (error) => logger.debug({ err: error }, 'a WebSocket failed'),
    preClose: (done) => {
      // Sessions have said goodbye by now; a peer that does not answer must not hold the close up.
      for (const client of app.websocketServer.clients) client.terminate();
      app.websocketServer.close(() => done());
    },
  });
  guardRequests(app, new HostPolicy(parts), auth.signIns);
  // JSON only: text/plain is what a foreign form can send.
  app.removeContentTypeParser('text/plain');

  addAccountRoutes(app, {
    auth,
    logger,
    version: parts.version,
    certificateSha256: () => parts.identity().sha256,
  });
  addAccountListRoutes(app, auth.accounts, logger);
  addSessionRoutes(app, sessions);
  await addEdidRoutes(app, parts.edid, sessions);
  addControlRoutes(app, parts.control);
  addIceRoutes(app, parts.ice);
  addUsbRoutes(app, parts.usb, sessions);
  await addWhepRoutes(app, sessions, publicUrl === null ? '/' : new URL(publicUrl).pathname);
  await servePage(app, parts.pageDir);

  const unsubscribe = auth.signIns.onEnded(({ id }) => sessions.endByLogin(id, 'logged-out'));
  const sweeper = setInterval(
    () => auth.signIns.sweep((id) => sessions.inUse(id)),
    SWEEP_INTERVAL_MS,
  );
  sweeper.unref();
  app.addHook('onClose', async () => {
    clearInterval(sweeper);
    unsubscribe();
  });
  app.addHook('onResponse', async (request, reply) => {
    // The route, not the address: addresses hold session ids.
    logger.debug(
      { method: request.method, route: request.routeOptions.url, status: reply.statusCode },
      'request',
    );
  });
  await app.ready();
  return app;
}
