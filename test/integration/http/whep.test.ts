import assert from 'node:assert/strict';
import { request as httpsRequest } from 'node:https';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Reply, TestUnit } from './test-unit.js';
import { until } from './until.js';

const OFFER = 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 H264/90000\r\n';
const CANDIDATE = 'a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 5000 typ host\r\n';
const RESTART = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n';

describe('WHEP', () => {
  let unit: TestUnit;
  let bearer: Record<string, string>;
  beforeEach(async () => {
    unit = await TestUnit.open();
    await unit.claim();
    bearer = await unit.bearer();
  });
  afterEach(() => unit.close());

  const offer = (query = '', headers: Record<string, string> = bearer): Promise<Reply> =>
    unit.request('POST', `/api/whep${query}`, {
      body: OFFER,
      headers: { ...headers, 'Content-Type': 'application/sdp' },
    });
  const patch = (location: string, body: string, ifMatch: string) =>
    unit.request('PATCH', location, {
      body,
      headers: {
        ...bearer,
        'Content-Type': 'application/trickle-ice-sdpfrag',
        'If-Match': ifMatch,
      },
    });
  const locationOf = (reply: Reply) => String(reply.headers['location']);
  const carrierAt = (location: string) =>
    unit.sessions.carriers.get(location.split('/').at(-1) ?? '')?.carrier;

  it('answers an offer with 201, the answer and the way to the resource', async () => {
    const reply = await offer();
    assert.equal(reply.status, 201);
    assert.equal(reply.text, 'v=0\r\ns=answer\r\n');
    assert.equal(reply.headers['content-type'], 'application/sdp');
    assert.match(locationOf(reply), /^\/api\/whep\/[\w-]+$/);
    assert.equal(reply.headers['etag'], '"ice-1"');
    assert.equal(reply.headers['accept-patch'], 'application/trickle-ice-sdpfrag');
    const candidates = `<${locationOf(reply)}/candidates>; rel="urn:mykvm:whep:candidates"`;
    assert.equal(reply.headers['link'], candidates);
  });

  it('takes the content type in any case and with parameters', async () => {
    const headers = { ...bearer, 'Content-Type': 'Application/SDP; charset=utf-8' };
    const reply = await unit.request('POST', '/api/whep', { body: OFFER, headers });
    assert.equal(reply.status, 201, reply.text);
  });

  it('names ICE servers in Link, login and all', async () => {
    unit.sessions.iceServers = [
      { urls: ['stun:stun.example'] },
      { urls: ['turn:turn.example?transport=udp'], username: 'a"b', credential: 'p\\q' },
    ];
    const link = String((await offer()).headers['link']);
    assert.ok(link.includes('<stun:stun.example>; rel="ice-server", '));
    assert.ok(
      link.includes(
        '<turn:turn.example?transport=udp>; rel="ice-server"; username="a\\"b"; credential="p\\\\q"; credential-type="password"',
      ),
    );
  });

  it("attaches to a viewer's session, of the same sign-in only", async () => {
    const session = (await unit.request('POST', '/api/session', { headers: bearer })).json.session;
    assert.equal((await offer(`?session=${session}`)).status, 201);
    const other = await unit.bearer();
    assert.equal((await offer(`?session=${session}`, other)).json.error, 'no-session');
  });

  it('keeps a resource from other sign-ins', async () => {
    const location = locationOf(await offer());
    const other = await unit.bearer();
    const reply = await unit.request('DELETE', location, { headers: other });
    assert.equal(reply.json.error, 'no-session');
    assert.equal(carrierAt(location)?.closedFor, undefined);
  });

  it('takes candidates for the ICE session that If-Match names', async () => {
    const location = locationOf(await offer());
    assert.equal((await patch(location, CANDIDATE, '"ice-1"')).status, 204);
    assert.equal((await patch(location, CANDIDATE, '"x", "ice-1"')).status, 204);
    assert.deepEqual(carrierAt(location)?.remoteFragments, [CANDIDATE, CANDIDATE]);
  });

  it('restarts ICE with If-Match "*", after which the old entity tag is void', async () => {
    const location = locationOf(await offer());
    const reply = await patch(location, RESTART, '*');
    assert.equal(reply.status, 200);
    assert.equal(reply.headers['etag'], '"ice-2"');
    assert.equal(reply.headers['content-type'], 'application/trickle-ice-sdpfrag');
    assert.equal(reply.text, 'a=ice-ufrag:new\r\na=ice-pwd:newpassword\r\n');
    assert.equal((await patch(location, CANDIDATE, '"ice-1"')).status, 412);
    assert.equal((await patch(location, CANDIDATE, '"ice-2"')).status, 204);
  });

  it('ends with DELETE, once', async () => {
    const location = locationOf(await offer());
    const carrier = carrierAt(location);
    assert.equal((await unit.request('DELETE', location, { headers: bearer })).status, 200);
    assert.equal(carrier?.closedFor, 'session-ended');
    assert.equal((await unit.request('DELETE', location, { headers: bearer })).status, 404);
  });

  it('ends with the sign-in', async () => {
    const location = locationOf(await offer());
    const carrier = carrierAt(location);
    await unit.request('POST', '/api/logout', { headers: bearer });
    assert.equal(carrier?.closedFor, 'logged-out');
  });

  it('tells in OPTIONS what it takes, to anybody', async () => {
    const collection = await unit.request('OPTIONS', '/api/whep');
    assert.equal(collection.status, 204);
    assert.equal(collection.headers['accept-post'], 'application/sdp');
    const resource = await unit.request('OPTIONS', '/api/whep/x');
    assert.equal(resource.headers['accept-patch'], 'application/trickle-ice-sdpfrag');
  });

  it('streams later candidates as events until the client goes', async () => {
    const location = locationOf(await offer());
    const carrier = carrierAt(location);
    assert.ok(carrier);
    const events = await new Promise<string>((resolve, reject) => {
      const request = httpsRequest(
        {
          host: '127.0.0.1',
          servername: 'localhost',
          port: unit.server.port,
          ca: unit.certificate.identity.cert,
          agent: false,
          path: `${location}/candidates`,
          headers: { ...bearer, Host: `localhost:${unit.server.port}` },
        },
        (response) => {
          assert.equal(response.headers['content-type'], 'text/event-stream');
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
            if (text === 'retry: 1000\n\n') carrier.emitCandidate('a=mid:0\r\na=candidate:7 x\r\n');
            if (text.includes('a=candidate:7 x')) {
              request.destroy();
              resolve(text);
            }
          });
        },
      );
      request.on('error', reject);
      request.end();
    });
    assert.equal(
      events,
      'retry: 1000\n\nevent: candidate\ndata: a=mid:0\n\nevent: candidate\ndata: a=candidate:7 x\n\n',
    );
    await until('nobody listens', () => carrier.listeners === 0);
  });

  it('puts the path of the public URL before Location', async () => {
    const behind = await TestUnit.open({ publicUrl: 'https://kvm.example/unit1/' });
    try {
      await behind.claim();
      const reply = await behind.request('POST', '/api/whep', {
        body: OFFER,
        headers: { ...(await behind.bearer()), 'Content-Type': 'application/sdp' },
      });
      assert.match(locationOf(reply), /^\/unit1\/api\/whep\/[\w-]+$/);
    } finally {
      await behind.close();
    }
  });
});
