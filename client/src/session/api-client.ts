import type {
  EdidReply,
  LoginReply,
  SessionReply,
  StatusReply,
  UsbReply,
} from '../../../server/protocol/api.js';
import { API } from '../../../server/protocol/api-paths.js';
import { ERRORS, type ErrorBody, type ErrorCode } from '../../../server/protocol/error-codes.js';
import type { UsbAct } from './console-state.js';

/** An error reply of the appliance; `code` is 'lost' when there was no reply at all. */
export class ApiError extends Error {
  readonly code: ErrorCode | 'lost';

  constructor(code: ErrorCode | 'lost', message: string) {
    super(message);
    this.code = code;
  }
}

/** Asks the appliance. Paths are relative to the page, so that it works below any path of a reverse proxy. Rejects with {@link ApiError}. */
export async function call(
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  let reply: Response;
  try {
    reply = await fetch(path, { method, cache: 'no-store', ...init });
  } catch {
    throw new ApiError('lost', 'The appliance does not answer.');
  }
  if (reply.ok) return reply;
  const body = (await reply.json().catch(() => null)) as ErrorBody | null;
  // A reply that is not the appliance's own comes from a proxy in front of it.
  if (!body?.error) throw new ApiError('lost', `HTTP ${reply.status}`);
  // A newer appliance may have codes that this page does not know.
  throw new ApiError(body.error in ERRORS ? body.error : 'internal', body.message);
}

async function post(path: string, body?: object): Promise<Response> {
  if (!body) return call('POST', path);
  return call('POST', path, {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** A WHEP resource: where it is and which ICE session its ETag names. */
export interface WhepResource {
  answerSdp: string;
  location: string;
  etag: string;
}

/** The appliance's HTTP API. Each call rejects with {@link ApiError}. */
export const api = {
  status: async (): Promise<StatusReply> => (await call('GET', API.status)).json(),

  claim: async (code: string, name: string, password: string): Promise<void> => {
    await post(API.claim, { code, name, password });
  },

  login: async (name: string, password: string): Promise<LoginReply> =>
    (await post(API.login, { name, password })).json(),

  logout: async (): Promise<void> => {
    await post(API.logout);
  },

  usb: async (): Promise<UsbReply> => (await call('GET', API.usb)).json(),

  actOnUsb: async (act: UsbAct): Promise<UsbReply> => {
    const reply =
      typeof act === 'string'
        ? await post(`${API.usb}/${act}`)
        : await post(`${API.usb}/functions`, { functions: act });
    return reply.json();
  },

  edid: async (): Promise<EdidReply> => (await call('GET', API.edid)).json(),

  /** A preset by name, or the bytes of an EDID. */
  changeEdid: async (choice: string | ArrayBuffer): Promise<EdidReply> => {
    const preset = typeof choice === 'string';
    const reply = await call('PUT', API.edid, {
      headers: { 'Content-Type': preset ? 'application/json' : 'application/octet-stream' },
      body: preset ? JSON.stringify({ preset: choice }) : choice,
    });
    return reply.json();
  },

  createSession: async (): Promise<SessionReply> => (await post(API.session)).json(),

  /** Ends the session; `keepalive` lets it go out while the page closes. */
  endSession: async (id: string): Promise<void> => {
    await call('DELETE', `${API.session}/${id}`, { keepalive: true });
  },

  offer: async (session: string, sdp: string, signal: AbortSignal): Promise<WhepResource> => {
    const reply = await call('POST', `${API.whep}?session=${session}`, {
      headers: { 'Content-Type': 'application/sdp' },
      body: sdp,
      signal,
    });
    return {
      answerSdp: await reply.text(),
      // Only the last part: the page may live below a path of a proxy that the appliance does not know.
      location: `${API.whep}/${reply.headers.get('Location')?.split('/').pop() ?? ''}`,
      etag: reply.headers.get('ETag') ?? '*',
    };
  },

  /** New credentials of an ICE restart; rejects when the appliance has given the carrier up. */
  restartIce: async (
    resource: WhepResource,
    fragment: string,
    signal: AbortSignal,
  ): Promise<{ fragment: string; etag: string }> => {
    const reply = await call('PATCH', resource.location, {
      headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*' },
      body: fragment,
      signal,
    });
    return { fragment: await reply.text(), etag: reply.headers.get('ETag') ?? '*' };
  },

  trickle: async (resource: WhepResource, fragment: string): Promise<void> => {
    await call('PATCH', resource.location, {
      headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': resource.etag },
      body: fragment,
    });
  },
};

/** Address of a session's WebSocket, beside the page. */
export function socketUrl(session: string): string {
  const url = new URL(`${API.session}/${session}/socket`, location.href);
  url.protocol = 'wss:';
  url.search = '';
  return url.href;
}
