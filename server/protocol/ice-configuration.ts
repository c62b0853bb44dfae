import Type, { type Static } from 'typebox';
import { parseIceUrl } from './ice-url.js';

const MAX_SERVERS = 8;
const Secret = Type.Union([Type.String({ minLength: 1, maxLength: 256 }), Type.Null()]);

/** Which servers help viewer and appliance to reach each other. Holds secrets: it goes to no viewer as it is. */
export const IceConfiguration = Type.Object(
  {
    urls: Type.Array(Type.String({ maxLength: 300 }), {
      maxItems: MAX_SERVERS,
      description: 'stun:, turn: and turns: addresses, the best first',
    }),
    username: Secret,
    password: Secret,
    secret: Type.Union([Type.String({ minLength: 1, maxLength: 256 }), Type.Null()], {
      description: 'shared with the TURN server, which takes logins that are made of it',
    }),
    policy: Type.Unsafe<'all' | 'relay'>(Type.Enum(['all', 'relay'])),
  },
  { additionalProperties: false },
);
export type IceConfiguration = Static<typeof IceConfiguration>;

/** No server at all: nobody is asked for anything. */
export const NO_ICE_SERVERS: IceConfiguration = {
  urls: [],
  username: null,
  password: null,
  secret: null,
  policy: 'all',
};

/** What is wrong with a configuration, one sentence each; empty when it can be used. */
export function iceProblems(configuration: IceConfiguration): string[] {
  const { urls, username, password, secret, policy } = configuration;
  const problems: string[] = [];
  const parsed = urls.map((url) => {
    const found = parseIceUrl(url);
    if (!found) problems.push(`${JSON.stringify(url)} is not a stun:, turn: or turns: address`);
    return found;
  });
  const turn = parsed.some((url) => url?.kind === 'turn');
  if (new Set(urls).size !== urls.length) problems.push('the same server is there twice');
  if ((username === null) !== (password === null)) {
    problems.push('a TURN login needs both user name and password');
  }
  if (secret !== null && username !== null) {
    problems.push('a TURN server has either a login or a shared secret, not both');
  }
  const login = secret !== null || (username !== null && password !== null);
  if (turn && !login && (username === null) === (password === null)) {
    problems.push('a TURN server needs a login or a shared secret');
  }
  if (login && !turn) problems.push('there is a TURN login but no TURN server');
  if (policy === 'relay' && !turn) {
    problems.push('only relays may be used, but there is no TURN server that could be one');
  }
  return problems;
}

/** How a server answered when it was last asked. */
export const IceCheck = Type.Object({
  url: Type.String(),
  state: Type.Unsafe<'asking' | 'ok' | 'failed'>(Type.String()),
  problem: Type.Union([Type.String(), Type.Null()], { description: 'in words; only when failed' }),
});
export type IceCheck = Static<typeof IceCheck>;

/** GET and PUT /api/ice. Secrets stay inside. */
export const IceReply = Type.Object({
  urls: Type.Array(Type.String()),
  username: Type.Union([Type.String(), Type.Null()]),
  hasPassword: Type.Boolean(),
  hasSecret: Type.Boolean(),
  policy: Type.Unsafe<'all' | 'relay'>(Type.String()),
  fixed: Type.Boolean({ description: 'set by options at start: the page cannot change it' }),
  checks: Type.Array(IceCheck),
});
export type IceReply = Static<typeof IceReply>;

/** PUT /api/ice. A password or secret that is left out stays as it is. */
export const IceRequest = Type.Object(
  {
    urls: IceConfiguration.properties.urls,
    username: Secret,
    password: Type.Optional(Secret),
    secret: Type.Optional(Secret),
    policy: IceConfiguration.properties.policy,
  },
  { additionalProperties: false },
);
export type IceRequest = Static<typeof IceRequest>;
