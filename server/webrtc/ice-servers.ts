import { KvmError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { SessionReply } from '../protocol/api.js';
import {
  type IceCheck,
  type IceConfiguration,
  type IceReply,
  type IceRequest,
  iceProblems,
  NO_ICE_SERVERS,
} from '../protocol/ice-configuration.js';
import { type IceUrl, parseIceUrl } from '../protocol/ice-url.js';
import type { IceEndpoint, IceOutcome, IceSource } from './ice-source.js';
import { makeTurnLogin } from './turn-login.js';

/** What {@link IceServers} is made with. */
export interface IceServersOptions {
  /** From the options at start: the page cannot change it. Null when they name nothing. */
  readonly fixed: IceConfiguration | null;
  /** Where the page's choice is kept. */
  readonly memory: {
    load(): Promise<IceConfiguration | undefined>;
    save(configuration: IceConfiguration): Promise<void>;
  };
  readonly logger: Logger;
  /** What the servers say has changed. */
  readonly changed: () => void;
  /** There are other servers now: each is to be asked once. */
  readonly replaced: () => void;
}

/** The STUN and TURN servers: who sets them, the logins for appliance and viewers, and how they answered last. */
export class IceServers implements IceSource {
  readonly #options: IceServersOptions;
  #configuration: IceConfiguration;
  #checks = new Map<string, IceCheck>();

  private constructor(options: IceServersOptions, configuration: IceConfiguration) {
    this.#options = options;
    this.#configuration = configuration;
    this.#forget();
  }

  /** Reads the page's choice unless the options at start decide. */
  static async open(options: IceServersOptions): Promise<IceServers> {
    const kept = options.fixed ?? (await options.memory.load());
    if (kept && iceProblems(kept).length > 0) {
      options.logger.warn(
        { problems: iceProblems(kept) },
        'the kept ICE servers cannot be used: none is asked',
      );
      return new IceServers(options, NO_ICE_SERVERS);
    }
    return new IceServers(options, kept ?? NO_ICE_SERVERS);
  }

  get policy(): 'all' | 'relay' {
    return this.#configuration.policy;
  }

  get endpoints(): IceEndpoint[] {
    return this.#urls().map((url) => ({
      url,
      login: url.kind === 'turn' ? this.#login('appliance') : null,
    }));
  }

  /** Servers with a fresh login for one viewer, as the W3C RTCIceServer and WHEP's Link headers have them. */
  forViewer(name: string): SessionReply['iceServers'] {
    const login = this.#login(name);
    return this.#urls().map(({ kind, text }) =>
      kind === 'turn' && login
        ? { urls: [text], username: login.username, credential: login.password }
        : { urls: [text] },
    );
  }

  /** What is wrong with the servers, in words; empty when none has failed. */
  get problems(): string[] {
    return [...this.#checks.values()].flatMap(({ problem }) => problem ?? []);
  }

  get reply(): IceReply {
    const { urls, username, password, secret, policy } = this.#configuration;
    return {
      urls: [...urls],
      username,
      hasPassword: password !== null,
      hasSecret: secret !== null,
      policy,
      fixed: this.#options.fixed !== null,
      checks: [...this.#checks.values()],
    };
  }

  /** Takes the page's choice for viewers that come from now on, and keeps it. Throws KvmError bad-ice-servers. */
  async change(request: IceRequest): Promise<void> {
    if (this.#options.fixed) {
      throw new KvmError(
        'bad-ice-servers',
        'The options at start name the servers: change them there.',
      );
    }
    const { password, secret } = this.#configuration;
    const next: IceConfiguration = { password, secret, ...request };
    const problems = iceProblems(next);
    if (problems.length > 0) {
      throw new KvmError('bad-ice-servers', `This cannot be used: ${problems.join('; ')}.`);
    }
    await this.#options.memory.save(next);
    this.#configuration = next;
    this.#forget();
    this.#options.changed();
    this.#options.replaced();
  }

  report({ url, problem }: IceOutcome): void {
    const known = this.#checks.get(url);
    // A server that is no longer configured may answer late.
    if (!known) return;
    const state = problem === null ? 'ok' : 'failed';
    this.#checks.set(url, { url, state, problem });
    if (known.state === state && known.problem === problem) return;
    const { logger } = this.#options;
    if (problem !== null) logger.warn({ url }, problem);
    else logger.info({ url }, `${url} answers`);
    this.#options.changed();
  }

  #forget(): void {
    this.#checks = new Map(
      this.#configuration.urls.map((url) => [url, { url, state: 'asking', problem: null }]),
    );
  }

  #urls(): IceUrl[] {
    return this.#configuration.urls.flatMap((url) => parseIceUrl(url) ?? []);
  }

  #login(name: string): IceEndpoint['login'] {
    const { username, password, secret } = this.#configuration;
    if (secret !== null) return makeTurnLogin(secret, name, Date.now());
    return username === null || password === null ? null : { username, password };
  }
}
