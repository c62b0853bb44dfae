import type { FastifyInstance } from 'fastify';
import { KvmError } from '../../errors.js';
import { SessionReply } from '../../protocol/api.js';
import { API } from '../../protocol/api-paths.js';
import { onlyMethods } from '../only-methods.js';
import { requireSignIn, SIGNED_IN_ONLY } from '../request-guard.js';
import type { SessionService } from '../session-service.js';

/** Making and ending viewer sessions, and the WebSocket carrier's way in. All need a sign-in. */
export function addSessionRoutes(app: FastifyInstance, sessions: SessionService): void {
  const resource = `/${API.session}/:id`;
  const socket = `${resource}/socket`;

  app.post(
    `/${API.session}`,
    { ...SIGNED_IN_ONLY, schema: { response: { 201: SessionReply } } },
    async (request, reply) => reply.code(201).send(sessions.create(requireSignIn(request))),
  );

  app.delete<{ Params: { id: string } }>(resource, SIGNED_IN_ONLY, async (request, reply) => {
    sessions.end(request.params.id, requireSignIn(request).id);
    return reply.code(204).send();
  });

  app.route<{ Params: { id: string } }>({
    method: 'GET',
    url: socket,
    config: { upgrade: true },
    exposeHeadRoute: false,
    // Runs before the upgrade: a refusal is a plain HTTP reply with a code.
    preValidation: async (request) => {
      const signIn = requireSignIn(request);
      if (!request.ws) {
        throw new KvmError('bad-request', 'This address takes WebSocket connections only.');
      }
      if (!sessions.has(request.params.id, signIn.id)) throw new KvmError('no-session');
    },
    handler: () => undefined,
    wsHandler: (connection, request) => {
      try {
        sessions.attachSocket(request.params.id, requireSignIn(request), connection);
      } catch {
        // The session ended between the check and the upgrade.
        connection.close(1008, 'no-session');
      }
    },
  });

  onlyMethods(app, `/${API.session}`, ['POST']);
  onlyMethods(app, resource, ['DELETE']);
  onlyMethods(app, socket, ['GET']);
}
