import { isIP } from 'node:net';
import type * as Werift from 'werift';
import { KvmError } from '../errors.js';
import type { IceEndpoint, IceSource } from './ice-source.js';
import { ownAddresses } from './own-addresses.js';
import type { PeerOptions } from './peer-options.js';
import { allocateRelay, closeRelay, IceServerError, type Relay } from './relay.js';

/** A server that is slower than this does not hold the next one up. */
const NEXT_SERVER_AFTER_MS = 400;

/** werift's private parts that gathering needs; gatheringSelfTest() checks that they are there. */
interface PrivateIce {
  getCandidatePromises(addresses: string[], timeoutS: number): Array<Promise<unknown>>;
  appendLocalCandidate(candidate: Werift.Candidate): void;
  ensureProtocol(protocol: unknown): void;
  pairLocalProtocol(protocol: unknown): void;
  protocols: Werift.StunProtocol[];
  generation: number;
}

type Ice = Werift.RTCIceTransport['connection'] & PrivateIce;

/** Checks the private parts of werift that are used here. @returns what differs */
export function gatheringSelfTest(werift: typeof Werift): string[] {
  const ice = werift.Connection.prototype as unknown as Record<string, unknown>;
  const names = [
    'getCandidatePromises',
    'appendLocalCandidate',
    'ensureProtocol',
    'pairLocalProtocol',
  ];
  return [
    ...names.filter((name) => typeof ice[name] !== 'function').map((name) => `connection.${name}`),
    ...['TurnProtocol', 'StunOverTurnProtocol', 'serverReflexiveCandidate', 'StunProtocol'].filter(
      (name) => typeof (werift as Record<string, unknown>)[name] !== 'function',
    ),
  ];
}

/** Finds the local candidates of one peer: its own addresses at once, what servers know of it afterwards. */
export class Gathering {
  readonly #werift: typeof Werift;
  readonly #ice: Ice;
  readonly #source: IceSource;
  readonly #options: PeerOptions;
  #asked: Promise<void> | null = null;
  #firstRelay = () => {};
  readonly #problems: string[] = [];

  constructor(
    werift: typeof Werift,
    transport: Werift.RTCIceTransport,
    source: IceSource,
    options: PeerOptions,
  ) {
    this.#werift = werift;
    this.#ice = transport.connection as unknown as Ice;
    this.#source = source;
    this.#options = options;
    this.#replaceAddresses();
  }

  /** werift's own choice leaves VPN interfaces out and knows no filter; and with relays only it must find nothing. */
  #replaceAddresses(): void {
    const ice = this.#ice;
    const find = ice.getCandidatePromises.bind(ice);
    ice.getCandidatePromises = (_addresses, timeoutS) => {
      if (this.#source.policy === 'relay') return [];
      const extra = (this.#options.extraHosts ?? []).filter((host) => isIP(host) !== 0);
      const own = ownAddresses(this.#options.iceAddresses ?? []);
      const found = find([...new Set([...extra, ...own])], timeoutS);
      return [...found, Promise.allSettled(found).then(() => this.#tellForwarded(extra))];
    };
  }

  /** Extra hosts that are not ours, as a router's: it passes the port of TCP on, as it does with those of UDP. */
  #tellForwarded(extra: readonly string[]): void {
    const ice = this.#ice;
    const passive = ice.localCandidates.filter(({ tcptype }) => tcptype === 'passive');
    for (const host of extra) {
      const known = ice.localCandidates.some((each) => each.tcptype && each.host === host);
      const listening = passive.find((each) => isIP(each.host) === isIP(host));
      if (known || !listening) continue;
      const { component, transport, priority, port, type, tcptype, generation, ufrag } = listening;
      const foundation = this.#werift.candidateFoundation('host', 'tcp', host);
      const { Candidate } = this.#werift;
      const none = undefined;
      ice.appendLocalCandidate(
        new Candidate(
          ...([foundation, component, transport, priority, host, port, type] as const),
          ...([none, none, tcptype, generation, ufrag] as const),
        ),
      );
    }
  }

  /**
   * Asks the servers; what they give is announced by werift's onIceCandidate. Once per peer: an ICE restart keeps the
   * sockets. Never rejects; how each server answered is reported to the source. `relayMade` is called with each relay
   * before anything comes through it.
   */
  askServers(relayMade: (relay: Relay) => void): Promise<void> {
    this.#asked ??= Promise.all([this.#askStun(), this.#askTurn(relayMade)]).then(() => {});
    return this.#asked;
  }

  /** Waits for the relays, without which there is nothing to answer with. Throws KvmError connect-failed. */
  async needRelay(relayMade: (relay: Relay) => void): Promise<void> {
    const first = new Promise<void>((resolve) => {
      this.#firstRelay = resolve;
    });
    await Promise.race([first, this.askServers(relayMade)]);
    if (this.#ice.localCandidates.length > 0) return;
    const why = this.#problems.join(' ');
    throw new KvmError('connect-failed', `Only relays may be used, and there is none: ${why}`);
  }

  async #askStun(): Promise<void> {
    if (this.#source.policy === 'relay') return;
    const ice = this.#ice;
    const url = this.#source.endpoints.find((endpoint) => endpoint.url.kind === 'stun')?.url;
    const protocols = ice.protocols.filter(
      ({ type, localIp }) => type === 'stun' && isIP(localIp ?? '') === 4,
    );
    if (!url || protocols.length === 0) return;
    const found = await Promise.all(
      protocols.map(async (protocol) => {
        const address: [string, number] = [url.host, url.port];
        const candidate = await this.#werift.serverReflexiveCandidate(protocol, address);
        if (candidate && ice.state !== 'closed') ice.appendLocalCandidate(candidate);
        return candidate;
      }),
    );
    const answered = found.some((candidate) => candidate !== undefined);
    const problem = answered ? null : `${url.text} does not answer.`;
    if (answered || ice.state !== 'closed') this.#source.report({ url: url.text, problem });
  }

  /** The servers in their order; the next one is asked when one fails or is slow. The first relay is enough. */
  async #askTurn(relayMade: (relay: Relay) => void): Promise<void> {
    let done = false;
    const asking: Array<Promise<void>> = [];
    for (const endpoint of this.#source.endpoints) {
      if (endpoint.url.kind !== 'turn' || done || this.#ice.state === 'closed') continue;
      const asked = this.#allocate(endpoint).then(async (relay) => {
        if (!relay) return;
        if (done || this.#ice.state === 'closed') {
          await closeRelay(this.#werift, relay);
          return;
        }
        done = true;
        relayMade(relay);
        this.#adopt(relay);
      });
      asking.push(asked);
      await Promise.race([asked, pause(NEXT_SERVER_AFTER_MS)]);
    }
    await Promise.all(asking);
  }

  async #allocate(endpoint: IceEndpoint): Promise<Relay | null> {
    const url = endpoint.url.text;
    try {
      const relay = await allocateRelay(this.#werift, endpoint, this.#options.udpPorts);
      this.#source.report({ url, problem: null });
      return relay;
    } catch (error) {
      if (!(error instanceof IceServerError)) throw error;
      this.#problems.push(error.message);
      this.#source.report({ url, problem: error.message });
      return null;
    }
  }

  /** Makes the relay one of the peer's ways, as werift does with its own. */
  #adopt(relay: Relay): void {
    const { candidateFoundation, candidatePriority, Candidate } = this.#werift;
    const ice = this.#ice;
    const [host, port] = relay.turn.relayedAddress;
    // Where only relays may be seen, our own address is no business of the viewer's (RFC 8839 section 5.1).
    const [ownHost, ownPort] =
      this.#source.policy === 'relay' ? ['0.0.0.0', 0] : relay.turn.mappedAddress;
    relay.localCandidate = new Candidate(
      candidateFoundation('relay', 'udp', host),
      1,
      'udp',
      candidatePriority('relay'),
      host,
      port,
      'relay',
      ownHost,
      ownPort,
      undefined,
      ice.generation,
      ice.localUsername,
    );
    const close = relay.close.bind(relay);
    let closing: Promise<void> | undefined;
    relay.close = () => {
      relay.close = close;
      closing ??= closeRelay(this.#werift, relay);
      return closing;
    };
    ice.ensureProtocol(relay);
    ice.protocols.push(relay as unknown as Werift.StunProtocol);
    ice.pairLocalProtocol(relay);
    ice.appendLocalCandidate(relay.localCandidate);
    this.#firstRelay();
  }
}

function pause(timeMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, timeMs));
}
