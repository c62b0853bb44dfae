import { request } from 'node:https';
import type { LoginReply, SessionReply } from '../../../server/protocol/api.js';
import { API } from '../../../server/protocol/api-paths.js';

const OWNER = { name: 'ada', password: 'correct horse battery' };

/** A program that signs in by bearer token, as docs/protocol.md has it. */
export class ApplianceClient {
  readonly #url: string;
  #token = '';

  constructor(url: string) {
    this.#url = url;
  }

  /** Claims a fresh unit, or with an empty code one that is claimed already, and signs in. */
  async signIn(claimCode: string): Promise<void> {
    const claim = JSON.stringify({ code: claimCode, ...OWNER });
    if (claimCode) await this.#post(API.claim, 'application/json', claim);
    const login = JSON.stringify({ ...OWNER, bearer: true });
    const reply = await this.#post(API.login, 'application/json', login);
    this.#token = (JSON.parse(reply) as LoginReply).token ?? '';
  }

  /** Makes a session and attaches a WebRTC carrier; returns the answer. */
  async watch(offerSdp: string): Promise<string> {
    const reply = await this.#post(API.session, 'application/json', '{}');
    const { session } = JSON.parse(reply) as SessionReply;
    return await this.#post(`${API.whep}?session=${session}`, 'application/sdp', offerSdp);
  }

  #post(path: string, type: string, body: string): Promise<string> {
    const headers = {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      ...(this.#token && { authorization: `Bearer ${this.#token}` }),
    };
    return new Promise((resolve, reject) => {
      const url = new URL(path, this.#url);
      // The certificate was made by the unit itself a moment ago.
      const options = { method: 'POST', headers, rejectUnauthorized: false, timeout: 10_000 };
      const call = request(url, options, (reply) => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', (part: string) => {
          text += part;
        });
        reply.on('end', () => {
          if ((reply.statusCode ?? 0) < 300) resolve(text);
          else reject(new Error(`POST ${path}: ${reply.statusCode} ${text}`));
        });
      });
      call.on('timeout', () => call.destroy(new Error(`POST ${path}: no answer`)));
      call.on('error', reject);
      call.end(body);
    });
  }
}
