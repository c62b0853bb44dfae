import { API } from '../../../server/protocol/api-paths.js';
import type { IceReply, IceRequest } from '../../../server/protocol/ice-configuration.js';
import { call } from './api-client.js';

/** The STUN and TURN servers that the appliance has. Each call rejects with ApiError. */
export const iceSettings = {
  load: async (): Promise<IceReply> => (await call('GET', API.ice)).json(),

  save: async (request: IceRequest): Promise<IceReply> => {
    const reply = await call('PUT', API.ice, {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    });
    return reply.json();
  },
};

/** A form's fields, as text. An empty password or secret leaves the kept one. */
export interface IceFields {
  readonly urls: string;
  readonly login: 'none' | 'password' | 'secret';
  readonly username: string;
  readonly password: string;
  readonly secret: string;
  readonly relayOnly: boolean;
}

/** What the form asks for; addresses are separated by spaces, commas or lines. */
export function iceRequestOf(fields: IceFields): IceRequest {
  const { login, username, password, secret } = fields;
  return {
    urls: fields.urls.split(/[\s,]+/).filter(Boolean),
    username: login === 'password' ? username.trim() || null : null,
    ...keptUnless(login === 'password', 'password', password),
    ...keptUnless(login === 'secret', 'secret', secret),
    policy: fields.relayOnly ? 'relay' : 'all',
  };
}

function keptUnless<Name extends 'password' | 'secret'>(
  used: boolean,
  name: Name,
  text: string,
): Partial<Record<Name, string | null>> {
  if (!used) return { [name]: null } as Record<Name, null>;
  return text === '' ? {} : ({ [name]: text } as Record<Name, string>);
}

/** Which login the appliance has. */
export function loginOf({ hasSecret, username }: IceReply): IceFields['login'] {
  if (hasSecret) return 'secret';
  return username === null ? 'none' : 'password';
}
