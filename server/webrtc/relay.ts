import { isIPv6 } from 'node:net';
import type * as Werift from 'werift';
import type { IceUrl } from '../protocol/ice-url.js';
import type { IceEndpoint } from './ice-source.js';

/** A server that has not answered after this time is called silent; the page says so within 3 s. */
export const SERVER_TIMEOUT_MS = 2500;
/** RFC 8656 section 3.2: what servers give by default; werift renews it in time. */
const LIFETIME_S = 600;
const ERROR_CODE = 0x0009;
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
  const transport = await inTime(url, connect(werift, url, udpPorts), (late) => void late.close());
  const address: [string, number] = [url.host, url.port];
  const { username, password } = login;
  const turn = new werift.TurnProtocol(address, username, password, LIFETIME_S, transport);
  try {
    const allocated = turn.connectionMade();
    await inTime(url, Promise.race([allocated, loginRefused(transport)]), () => {});
  } catch (error) {
    await turn.close();
    throw error;
  }
  return new werift.StunOverTurnProtocol(turn);
}

type Transport = Werift.TurnProtocol['transport'];

async function connect(
  werift: typeof Werift,
  { host, port, transport }: IceUrl,
  udpPorts: { readonly first: number; readonly last: number } | undefined,
): Promise<Transport> {
  const options = { connectTimeoutMs: SERVER_TIMEOUT_MS };
  // Their optional members are written in another way than werift's own interface says, no more.
  if (transport === 'tcp') {
    return (await werift.TcpTransport.init([host, port], options)) as Transport;
  }
  if (transport === 'tls') {
    return (await werift.TlsTransport.init([host, port], {}, options)) as Transport;
  }
  return await werift.UdpTransport.init(isIPv6(host) ? 'udp6' : 'udp4', {
    ...(udpPorts && { portRange: [udpPorts.first, udpPorts.last] as [number, number] }),
  });
}

/**
 * Rejects when the server refuses the login: it asks for one by 401 first, and answers a wrong one by 401 again. That
 * second answer cannot be signed, so that werift does not believe it and goes on waiting.
 */
function loginRefused(transport: Transport): Promise<never> {
  return new Promise((_, reject) => {
    const receive = transport.onData;
    const asked = new Set<string>();
    transport.onData = (data, address) => {
      // RFC 8489 section 5: the error reply to ALLOCATE, and its transaction.
      if (data.length > 20 && data.readUInt16BE(0) === 0x0113 && errorCode(data) === 401) {
        asked.add(data.toString('hex', 8, 20));
        if (asked.size > 1) reject(new StunRefusal(401));
      }
      receive(data, address);
    };
  });
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

/** A server's refusal with its number (RFC 8489 section 14.8). */
class StunRefusal extends Error {
  constructor(readonly number: number) {
    super(`STUN error ${number}`);
  }
}

function errorCode(message: Buffer): number | null {
  for (let offset = 20; offset + 8 <= message.length; ) {
    const length = message.readUInt16BE(offset + 2);
    if (message.readUInt16BE(offset) === ERROR_CODE) {
      return (message.readUInt8(offset + 6) & 7) * 100 + message.readUInt8(offset + 7);
    }
    offset += 4 + Math.ceil(length / 4) * 4;
  }
  return null;
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
  const number: unknown =
    error instanceof StunRefusal ? error.number : response?.getAttributeValue('ERROR-CODE')?.[0];
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
