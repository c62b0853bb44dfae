import type { AccountsReply } from '../../server/protocol/accounts.js';
import { API } from '../../server/protocol/api-paths.js';
import type { ControlSettingsMessage } from '../../server/protocol/control-rules.js';
import type { IceReply } from '../../server/protocol/ice-configuration.js';

const ACCOUNTS: AccountsReply = {
  accounts: [
    { name: 'ada', role: 'owner', signIns: 1 },
    { name: 'Lin', role: 'operator', signIns: 1 },
    { name: 'Grete', role: 'watcher', signIns: 0 },
  ],
  places: 29,
};

const CONTROL: ControlSettingsMessage = { shared: false, idleSeconds: 60 };

const ICE: IceReply = {
  urls: ['turn:turn.example.net', 'turns:turn.example.net:443'],
  username: null,
  hasPassword: false,
  hasSecret: true,
  policy: 'all',
  fixed: false,
  checks: [
    { url: 'turn:turn.example.net', state: 'ok', problem: null },
    {
      url: 'turns:turn.example.net:443',
      state: 'failed',
      problem: 'its certificate is not trusted',
    },
  ],
};

/** What the demo's appliance answers to GET, by path. */
export const DEMO_REPLIES: Readonly<Record<string, object>> = {
  [`/${API.accounts}`]: ACCOUNTS,
  [`/${API.control}`]: CONTROL,
  [`/${API.ice}`]: ICE,
};
