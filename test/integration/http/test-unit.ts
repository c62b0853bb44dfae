import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Authenticator } from '../../../server/auth/authenticator.js';
import { createAuthenticator } from '../../../server/auth/create-authenticator.js';
import { Certificate } from '../../../server/http/certificate.js';
import {
  createHttpServer,
  type HttpServer,
  type HttpServerOptions,
} from '../../../server/http/http-server.js';
import { silentLogger } from '../../../server/logger.js';
import { UserStore } from '../../../server/store/user-store.js';
import { FakeSessions } from './fake-sessions.js';

export const PASSWORD = 'correct horse battery';

/** One reply as the tests look at it. */
export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests check what is in there
  json: any;
}

export interface RequestOptions {
  headers?: Record<string, string>;
  json?: unknown;
  body?: string | Buffer;
}

/** A unit that listens on a free port of loopback, with a fake clock and fake sessions. */
export class TestUnit {
  readonly server: HttpServer;
  readonly auth: Authenticator;
  readonly sessions: FakeSessions;
  readonly certificate: Certificate;
  readonly codes: string[];
  readonly #clock: { nowMs: number };
  /** State and certificate. */
  readonly directory: string;

  private constructor(
    parts: Pick<TestUnit, 'server' | 'auth' | 'sessions' | 'certificate' | 'codes'>,
    clock: { nowMs: number },
    directory: string,
  ) {
    ({
      server: this.server,
      auth: this.auth,
      sessions: this.sessions,
      certificate: this.certificate,
      codes: this.codes,
    } = parts);
    this.#clock = clock;
    this.directory = directory;
  }

  static async open(overrides: Partial<HttpServerOptions> = {}): Promise<TestUnit> {
    const directory = await mkdtemp(join(tmpdir(), 'mykvm-http-'));
    await writeFile(join(directory, 'index.html'), '<!doctype html><title>MyKVM</title>');
    await writeFile(join(directory, 'console-AB12CD34.js'), 'export {};');
    const clock = { nowMs: 1_000_000 };
    const codes: string[] = [];
    const users = await UserStore.open(directory, silentLogger);
    const auth = createAuthenticator(
      users,
      (code) => codes.push(code),
      () => clock.nowMs,
    );
    const sessions = new FakeSessions();
    const certificate = await Certificate.open({
      certPath: null,
      keyPath: null,
      certDir: directory,
      extraHosts: [],
      logger: silentLogger,
    });
    const server = await createHttpServer({
      auth,
      sessions,
      control: {
        reply: { shared: false, idleSeconds: 60 },
        change: async () => {},
      },
      edid: null,
      usb: null,
      ice: {
        reply: {
          urls: [],
          username: null,
          hasPassword: false,
          hasSecret: false,
          policy: 'all',
          fixed: false,
          checks: [],
        },
        change: async () => {},
      },
      certificate,
      logger: silentLogger,
      version: '0.0.0-test',
      pageDir: directory,
      extraHosts: [],
      publicUrl: null,
      trustedProxies: [],
      listenAddress: '127.0.0.1',
      port: 0,
      ...overrides,
    });
    return new TestUnit({ server, auth, sessions, certificate, codes }, clock, directory);
  }

  get origin(): string {
    return `https://localhost:${this.server.port}`;
  }

  advance(ms: number): void {
    this.#clock.nowMs += ms;
  }

  /** Sends one request over TLS, with the unit's certificate trusted and the name checked. */
  request(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
    const body = options.json === undefined ? options.body : JSON.stringify(options.json);
    const headers: Record<string, string> = {
      Host: `localhost:${this.server.port}`,
      ...(options.json === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
      ...options.headers,
    };
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        {
          host: '127.0.0.1',
          servername: 'localhost',
          port: this.server.port,
          ca: this.certificate.identity.cert,
          agent: false,
          method,
          path,
          headers,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            const json = /json/.test(response.headers['content-type'] ?? '')
              ? JSON.parse(text)
              : null;
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  /** Claims the unit in the name of "ada" and returns the cookie header of the sign-in. */
  async claim(): Promise<string> {
    await this.request('GET', '/api/status');
    const reply = await this.request('POST', '/api/claim', {
      json: { code: this.codes.at(-1), name: 'ada', password: PASSWORD },
    });
    return cookieOf(reply);
  }

  /** A bearer token of "ada". */
  async bearer(): Promise<Record<string, string>> {
    const reply = await this.request('POST', '/api/login', {
      json: { name: 'ada', password: PASSWORD, bearer: true },
    });
    return { Authorization: `Bearer ${reply.json.token}` };
  }

  async close(): Promise<void> {
    await this.server.close();
    await rm(this.directory, { recursive: true });
  }
}

/** The Cookie header that answers a reply's Set-Cookie. */
export function cookieOf(reply: Reply): string {
  return reply.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}
