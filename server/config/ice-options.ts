import type { IceConfiguration } from '../protocol/ice-configuration.js';

/** The options that name STUN and TURN servers. */
export interface IceOptions {
  readonly iceServers: readonly string[];
  readonly turnUsername: string | null;
  readonly turnPassword: string | null;
  readonly turnSecret: string | null;
  readonly icePolicy: 'all' | 'relay';
}

/** The servers that the options name, as one configuration; null when they say nothing at all: the page may then. */
export function iceOptions(options: IceOptions): IceConfiguration | null {
  const { iceServers, turnUsername, turnPassword, turnSecret, icePolicy } = options;
  const login = turnUsername ?? turnPassword ?? turnSecret;
  if (iceServers.length === 0 && login === null && icePolicy === 'all') return null;
  return {
    urls: [...iceServers],
    username: turnUsername,
    password: turnPassword,
    secret: turnSecret,
    policy: icePolicy,
  };
}
