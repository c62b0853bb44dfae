import type { FastifyInstance } from 'fastify';
import { KvmError } from '../../errors.js';
import { API } from '../../protocol/api-paths.js';
import { IceReply, IceRequest } from '../../protocol/ice-configuration.js';
import type { IceService } from '../ice-service.js';
import { onlyMethods } from '../only-methods.js';
import { requireSignIn, SIGNED_IN_ONLY } from '../request-guard.js';

/** The STUN and TURN servers: GET tells them without secrets and how they answered, PUT sets them, for owners. */
export function addIceRoutes(app: FastifyInstance, ice: IceService): void {
  const path = `/${API.ice}`;
  app.get(
    path,
    { ...SIGNED_IN_ONLY, schema: { response: { 200: IceReply } } },
    (): IceReply => ice.reply,
  );
  app.put<{ Body: IceRequest }>(
    path,
    { ...SIGNED_IN_ONLY, schema: { body: IceRequest, response: { 200: IceReply } } },
    async (request): Promise<IceReply> => {
      if (requireSignIn(request).role !== 'owner') throw new KvmError('not-allowed');
      await ice.change(request.body);
      return ice.reply;
    },
  );
  onlyMethods(app, path, ['GET', 'HEAD', 'PUT']);
}
