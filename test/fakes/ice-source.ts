import { parseIceUrl } from '../../server/protocol/ice-url.js';
import type { IceOutcome, IceSource } from '../../server/webrtc/ice-source.js';

/** Servers for a peer, all with one login; keeps what is reported of them. */
export function iceSource(
  urls: readonly string[],
  {
    policy = 'all',
    login = { username: 'unit', password: 'secret' },
  }: { policy?: 'all' | 'relay'; login?: { username: string; password: string } } = {},
): IceSource & { outcomes: IceOutcome[] } {
  const outcomes: IceOutcome[] = [];
  return {
    policy,
    outcomes,
    endpoints: urls.map((text) => {
      const url = parseIceUrl(text);
      if (!url) throw new Error(`${text} is no address of a server`);
      return { url, login: url.kind === 'turn' ? login : null };
    }),
    report: (outcome) => outcomes.push(outcome),
  };
}
