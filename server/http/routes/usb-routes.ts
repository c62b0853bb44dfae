import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KvmError } from '../../errors.js';
import { UsbFunctionsRequest, UsbReply } from '../../protocol/api.js';
import { API } from '../../protocol/api-paths.js';
import { onlyMethods } from '../only-methods.js';
import { requireSignIn, SIGNED_IN_ONLY } from '../request-guard.js';
import type { SessionService } from '../session-service.js';
import type { UsbCommands } from '../usb-commands.js';

/**
 * The USB device that the target sees: GET tells, the POST routes act on it. Only who has control acts, or anybody signed in
 * while nobody has. `usb` is null for a target without a USB cable.
 */
export function addUsbRoutes(
  app: FastifyInstance,
  usb: UsbCommands | null,
  sessions: Pick<SessionService, 'mayDrive'>,
): void {
  const path = `/${API.usb}`;
  const commands = (): UsbCommands => {
    if (!usb) throw new KvmError('no-usb');
    return usb;
  };
  const driver = (request: FastifyRequest): UsbCommands => {
    if (!sessions.mayDrive(requireSignIn(request))) throw new KvmError('not-in-control');
    return commands();
  };
  const response = { 200: UsbReply };
  const route = { ...SIGNED_IN_ONLY, schema: { response } };

  app.get(path, route, (): UsbReply => commands().reply);
  app.post(`${path}/replug`, route, (request): Promise<UsbReply> => driver(request).replug());
  app.post(`${path}/wake`, route, (request): Promise<UsbReply> => driver(request).wake());
  app.post<{ Body: UsbFunctionsRequest }>(
    `${path}/functions`,
    { ...SIGNED_IN_ONLY, schema: { body: UsbFunctionsRequest, response } },
    (request): Promise<UsbReply> => driver(request).setFunctions(request.body.functions),
  );

  onlyMethods(app, path, ['GET', 'HEAD']);
  for (const act of ['replug', 'wake', 'functions']) onlyMethods(app, `${path}/${act}`, ['POST']);
}
