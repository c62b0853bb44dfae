import type { FastifyInstance } from 'fastify';
import { API } from '../../protocol/api-paths.js';
import { ControlSettingsMessage } from '../../protocol/control-rules.js';
import type { ControlService } from '../control-service.js';
import { onlyMethods } from '../only-methods.js';
import { OWNER_ONLY, requireSignIn, SIGNED_IN_ONLY } from '../request-guard.js';

/** How control goes from viewer to viewer: GET tells, PUT sets it, for owners. */
export function addControlRoutes(app: FastifyInstance, control: ControlService): void {
  const path = `/${API.control}`;
  const response = { 200: ControlSettingsMessage };
  app.get(path, { ...SIGNED_IN_ONLY, schema: { response } }, () => control.reply);
  app.put<{ Body: ControlSettingsMessage }>(
    path,
    { ...OWNER_ONLY, schema: { body: ControlSettingsMessage, response } },
    async (request): Promise<ControlSettingsMessage> => {
      await control.change(request.body, requireSignIn(request).id);
      return control.reply;
    },
  );
  onlyMethods(app, path, ['GET', 'HEAD', 'PUT']);
}
