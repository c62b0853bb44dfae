import { isIPv6 } from 'node:net';
import type * as Werift from 'werift';
import type { IceUrl } from '../protocol/ice-url.js';
import type { IceEndpoint } from './ice-source.js';

/** A server that has not answered after this time is called silent; the page says so within 3 s. */
export const SERVER_TIMEOUT_MS = 2500;
/** For the last message to a server, which is not waited for longer. */
const RELEASE_TIMEOUT_MS = 300;

/** The place of a relay on a TURN server, as werift's ICE takes it. */
export type Relay = Werift.StunOverTurnProtocol;

/** Why a server is of no use, in words for users. */
export class IceServerError extends Error {}

/**
 * Asks a TURN server for a relay. The caller closes it with {@link closeRelay}.
 * Throws {@link IceServerError}, at the latest after {@link SERVER_TIMEOUT_MS}.
 */
export async function allocateRelay(
  werift: typeof Werift,
  { url, login }: IceEndpoint,
  udpPorts?: { readonly first: number; readonly last: number },
): Promise<Relay> {
  if (!login) throw new IceServerError(`${url.text} has no login.`);
  const allocation = werift.createStunOverTurnClient(
    { address: [url.host, url.port], ...login },
    {
      transport: url.transport,
      connectTimeoutMs: SERVER_TIMEOUT_MS,
      ...(udpPorts && { portRange: [udpPorts.first, udpPorts.last] as [number, number] }),
      ...(isIPv6(url.host) && { udpFamily: 6 as const }),
    },
  );
  return await inTime(url, allocation, (late) => void closeRelay(werift, late));
}

/**
 * Gives the relay back: the server would keep it for ten minutes, and count it against the quota. Never rejects.
 * RFC 8656 section 7.1: a refresh with a lifetime of zero.
 */
export async function closeRelay(werift: typeof Werift, relay: Relay): Promise<void> {
  const { turn } = relay;
  if (!turn.transport.closed && turn.transport.type === 'udp') {
    const request = new werift.Message(werift.methods.REFRESH, werift.classes.REQUEST);
    request.setAttribute('LIFETIME', 0);
    const signal = AbortSignal.timeout(RELEASE_TIMEOUT_MS);
    await turn.requestWithRetry(request, turn.server, signal).catch(() => {});
  }
  await relay.close().catch(() => {});
}

/** Asks a STUN server for our address as it sees it, to know that it answers. Throws {@link IceServerError}. */
export async function askStunServer(werift: typeof Werift, url: IceUrl): Promise<void> {
  const protocol = new werift.StunProtocol();
  try {
    await protocol.connectionMade(!isIPv6(url.host));
    const request = new werift.Message(werift.methods.BINDING, werift.classes.REQUEST);
    await inTime(url, protocol.request(request, [url.host, url.port]), () => {});
  } finally {
    await protocol.close();
  }
}

/** The result, or an {@link IceServerError} when it fails or takes too long; `late` gets what comes after that. */
function inTime<Result>(
  url: IceUrl,
  work: Promise<Result>,
  late: (result: Result) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      reject(new IceServerError(`${url.text} does not answer.`));
    }, SERVER_TIMEOUT_MS);
    work.then(
      (result) => {
        clearTimeout(timer);
        if (over) late(result);
        else resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(new IceServerError(whatFailed(url, error), { cause: error }));
      },
    );
  });
}

/** RFC 8656 section 18 and RFC 8489 section 14.8. */
const STUN_ERRORS: Readonly<Record<number, string>> = {
  401: 'does not accept the login',
  403: 'forbids relays to us',
  438: 'does not accept the login',
  441: 'does not accept the login',
  486: 'gives this login no more relays',
  508: 'has no room for more relays',
};

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'breaks the connection off',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  ENOTFOUND: 'has a name that nobody knows',
  EAI_AGAIN: 'has a name that cannot be looked up now',
};

function whatFailed(url: IceUrl, error: unknown): string {
  const { code, response } = error as { code?: unknown; response?: Werift.Message };
  const number: unknown = response?.getAttributeValue('ERROR-CODE')?.[0];
  if (typeof number === 'number') {
    return `${url.text} ${STUN_ERRORS[number] ?? `refuses with the error ${number}`}.`;
  }
  if (typeof code !== 'string') return `${url.text} does not answer.`;
  const words = SYSTEM_ERRORS[code];
  if (words !== undefined) return `${url.text} ${words}.`;
  return /CERT|ERR_TLS|UNABLE_TO|SSL|SELF_SIGNED/.test(code)
    ? `${url.text} has a certificate that is not trusted (${code}).`
    : `${url.text} fails (${code}).`;
}
