import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Duplex } from 'node:stream';
import { BidiConnection } from './bidi.js';
import type { NetworkNamespace } from './namespace.js';

/** What Firefox would do on the network by itself. */
const PREFERENCES = {
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.enabled': false,
};

/** Debian's Firefox in a network, with one page; Playwright cannot drive it. */
export class Firefox {
  readonly #process: ChildProcess;
  readonly #profile: string;
  #bidi: BidiConnection | undefined;
  #page = '';

  private constructor(child: ChildProcess, profile: string) {
    this.#process = child;
    this.#profile = profile;
  }

  /** It takes any certificate. `preferences` are further ones, as in about:config. */
  static async launchAt(
    network: NetworkNamespace,
    preferences: Readonly<Record<string, boolean>> = {},
  ): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'mykvm-firefox-'));
    const lines = Object.entries({ ...PREFERENCES, ...preferences }).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    );
    await writeFile(join(profile, 'user.js'), lines.join('\n'));
    const flags = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'];
    const [program, args] = network.enter('firefox-esr', flags);
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    });
    const firefox = new Firefox(child, profile);
    try {
      await firefox.#connect(network, await addressOf(child));
    } catch (error) {
      await firefox.close();
      throw error;
    }
    return firefox;
  }

  async goto(url: string): Promise<void> {
    await this.#send('browsingContext.navigate', { url, wait: 'complete' });
  }

  /** The value of an expression in the page, of types that JSON has no objects for: text, number, boolean, null. */
  async evaluate<T>(expression: string): Promise<T> {
    const target = { context: this.#page };
    const reply = await this.#bidi?.send<{ result?: { value?: T }; exceptionDetails?: unknown }>(
      'script.evaluate',
      { expression, target, awaitPromise: true },
    );
    if (reply?.exceptionDetails) throw new Error(JSON.stringify(reply.exceptionDetails));
    return (reply?.result?.value ?? null) as T;
  }

  /** Presses the keys of these characters one after the other. A key without a character has one of WebDriver's. */
  async press(characters: string): Promise<void> {
    const actions = [...characters].flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await this.#send('input.performActions', {
      actions: [{ type: 'key', id: 'keyboard', actions }],
    });
  }

  async close(): Promise<void> {
    this.#bidi?.close();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10 });
  }

  async #send(method: string, params: object): Promise<void> {
    await this.#bidi?.send(method, { context: this.#page, ...params });
  }

  async #connect(network: NetworkNamespace, address: string): Promise<void> {
    // Firefox listens on loopback only, and its loopback is not ours.
    const { hostname, port } = new URL(address);
    const [program, args] = network.enter('busybox', ['nc', hostname, port]);
    const cable = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const stream = Duplex.from({ readable: cable.stdout, writable: cable.stdin });
    this.#bidi = await BidiConnection.open(`${address}/session`, stream);
    const capabilities = { alwaysMatch: { acceptInsecureCerts: true } };
    await this.#bidi.send('session.new', { capabilities });
    const tree = await this.#bidi.send<{ contexts: { context: string }[] }>(
      'browsingContext.getTree',
      {},
    );
    this.#page = tree.contexts[0]?.context ?? '';
  }
}

async function addressOf(firefox: ChildProcess): Promise<string> {
  if (!firefox.stderr) throw new Error('Firefox was started without its output');
  for await (const line of createInterface({ input: firefox.stderr })) {
    const address = /^WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1];
    if (!address) continue;
    // From now on nobody reads what it writes.
    firefox.stderr.resume();
    return address;
  }
  throw new Error('Firefox ended before it could be reached');
}
