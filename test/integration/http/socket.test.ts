import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { LIMITS } from '../../../server/protocol/limits.js';
import { TestUnit } from './test-unit.js';

describe('WebSocket upgrade', () => {
  let unit: TestUnit;
  let cookie: string;
  let session: string;
  beforeEach(async () => {
    unit = await TestUnit.open();
    cookie = await unit.claim();
    const headers = { Cookie: cookie, Origin: unit.origin };
    session = (await unit.request('POST', '/api/session', { headers })).json.session;
  });
  afterEach(() => unit.close());

  function connect(headers: Record<string, string>, id = session): WebSocket {
    return new WebSocket(`wss://localhost:${unit.server.port}/api/session/${id}/socket`, {
      ca: unit.certificate.identity.cert,
      headers,
    });
  }

  /** The HTTP reply that refuses an upgrade. */
  async function refusal(headers: Record<string, string>, id = session) {
    const socket = connect(headers, id);
    const [, response] = await once(socket, 'unexpected-response');
    let text = '';
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode as number, error: JSON.parse(text).error as string };
  }

  it('hands the open socket to the session', async () => {
    const client = connect({ Cookie: cookie, Origin: unit.origin });
    await once(client, 'open');
    assert.equal(client.extensions, '', 'video does not compress');
    const server = unit.sessions.sockets.get(session);
    assert.ok(server);
    const received = once(server, 'message');
    client.send('hello');
    assert.equal(String((await received)[0]), 'hello');
    const closed = once(client, 'close');
    server.close(1000, 'session-ended');
    assert.equal((await closed)[0], 1000);
  });

  it('takes a bearer token without Origin', async () => {
    const bearer = await unit.bearer();
    const own = (await unit.request('POST', '/api/session', { headers: bearer })).json.session;
    const client = connect(bearer, own);
    await once(client, 'open');
    client.terminate();
  });

  it('refuses other pages, strangers, foreign sessions and foreign hosts before it upgrades', async () => {
    assert.deepEqual(await refusal({ Cookie: cookie, Origin: 'https://evil.example' }), {
      status: 403,
      error: 'wrong-origin',
    });
    assert.deepEqual(await refusal({ Cookie: cookie }), { status: 403, error: 'wrong-origin' });
    assert.deepEqual(await refusal({}), { status: 401, error: 'login-required' });
    assert.deepEqual(await refusal({ Origin: unit.origin }), {
      status: 401,
      error: 'login-required',
    });
    const own = { Cookie: cookie, Origin: unit.origin };
    assert.deepEqual(await refusal(own, 'x'), { status: 404, error: 'no-session' });
    assert.deepEqual(await refusal(await unit.bearer()), { status: 404, error: 'no-session' });
    assert.deepEqual(await refusal({ ...own, Host: 'evil.example' }), {
      status: 421,
      error: 'wrong-host',
    });
    assert.equal(unit.sessions.sockets.size, 0);
  });

  it('does not upgrade anywhere else', async () => {
    const client = new WebSocket(`wss://localhost:${unit.server.port}/api/status`, {
      ca: unit.certificate.identity.cert,
      headers: { Cookie: cookie, Origin: unit.origin },
    });
    const [, response] = await once(client, 'unexpected-response');
    assert.equal(response.statusCode, 404);
    client.on('error', () => {});
    client.terminate();
  });

  it('closes on a message above the limit', async () => {
    const client = connect({ Cookie: cookie, Origin: unit.origin });
    await once(client, 'open');
    client.send(Buffer.alloc(LIMITS.maxMessageBytes + 1));
    const [code] = await once(client, 'close');
    assert.equal(code, 1009);
  });

  it('ends with the sign-in', async () => {
    const client = connect({ Cookie: cookie, Origin: unit.origin });
    await once(client, 'open');
    const closed = once(client, 'close');
    await unit.request('POST', '/api/logout', { headers: { Cookie: cookie, Origin: unit.origin } });
    const [code, reason] = await closed;
    assert.deepEqual([code, String(reason)], [1000, 'logged-out']);
  });

  it('does not hold the close of the server up when the peer is silent', async () => {
    const client = connect({ Cookie: cookie, Origin: unit.origin });
    await once(client, 'open');
    client.pause();
    await unit.server.app.close();
    client.resume();
    await once(client, 'close');
  });
});
