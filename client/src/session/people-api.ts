import type {
  AccountChangeRequest,
  AccountRequest,
  AccountsReply,
} from '../../../server/protocol/accounts.js';
import { API } from '../../../server/protocol/api-paths.js';
import type { ControlSettingsMessage } from '../../../server/protocol/control-rules.js';
import { call } from './api-client.js';

async function send(method: 'POST' | 'PUT', path: string, body: object): Promise<Response> {
  return call(method, path, {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Who may sign in, and how they share control. Each call rejects with ApiError. */
export const peopleApi = {
  accounts: async (): Promise<AccountsReply> => (await call('GET', API.accounts)).json(),

  create: async (account: AccountRequest): Promise<AccountsReply> =>
    (await send('POST', API.accounts, account)).json(),

  /** Ends all sign-ins of the account. */
  change: async (change: AccountChangeRequest): Promise<AccountsReply> =>
    (await send('POST', `${API.accounts}/change`, change)).json(),

  remove: async (name: string): Promise<AccountsReply> =>
    (await send('POST', `${API.accounts}/remove`, { name })).json(),

  /** The own one; ends this user's other sign-ins. */
  changePassword: async (current: string, next: string): Promise<void> => {
    await send('POST', API.password, { current, next });
  },

  control: async (): Promise<ControlSettingsMessage> => (await call('GET', API.control)).json(),

  setControl: async (settings: ControlSettingsMessage): Promise<ControlSettingsMessage> =>
    (await send('PUT', API.control, settings)).json(),
};
