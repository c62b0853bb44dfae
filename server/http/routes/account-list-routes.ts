import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Accounts } from '../../auth/accounts.js';
import type { Logger } from '../../logger.js';
import {
  AccountChangeRequest,
  AccountRemovalRequest,
  AccountRequest,
  AccountsReply,
} from '../../protocol/accounts.js';
import { API } from '../../protocol/api-paths.js';
import { onlyMethods } from '../only-methods.js';
import { OWNER_ONLY, requireSignIn } from '../request-guard.js';

/** The accounts below the owner: GET lists them, the POST routes make, change and remove one. For owners. */
export function addAccountListRoutes(
  app: FastifyInstance,
  accounts: Accounts,
  logger: Logger,
): void {
  const path = `/${API.accounts}`;
  const response = { 200: AccountsReply };
  const reply = (): AccountsReply => ({ accounts: accounts.list, places: accounts.places });

  const log = (request: FastifyRequest, account: string, what: string): void => {
    logger.info({ address: request.ip, by: requireSignIn(request).name, account }, what);
  };

  app.get(path, { ...OWNER_ONLY, schema: { response } }, reply);

  app.post<{ Body: AccountRequest }>(
    path,
    { ...OWNER_ONLY, schema: { body: AccountRequest, response } },
    async (request): Promise<AccountsReply> => {
      const { name, role, password } = request.body;
      await accounts.create(name, role, password);
      log(request, name, `account made: ${role}`);
      return reply();
    },
  );

  app.post<{ Body: AccountChangeRequest }>(
    `${path}/change`,
    { ...OWNER_ONLY, schema: { body: AccountChangeRequest, response } },
    async (request): Promise<AccountsReply> => {
      const { name, ...update } = request.body;
      await accounts.change(name, update);
      const changed = Object.keys(update).join(', ');
      log(request, name, `account changed (${changed}): its sign-ins are ended`);
      return reply();
    },
  );

  app.post<{ Body: AccountRemovalRequest }>(
    `${path}/remove`,
    { ...OWNER_ONLY, schema: { body: AccountRemovalRequest, response } },
    async (request): Promise<AccountsReply> => {
      await accounts.remove(request.body.name);
      log(request, request.body.name, 'account removed: its sign-ins are ended');
      return reply();
    },
  );

  onlyMethods(app, path, ['GET', 'HEAD', 'POST']);
  for (const act of ['change', 'remove']) onlyMethods(app, `${path}/${act}`, ['POST']);
}
