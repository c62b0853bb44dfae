import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ERRORS, type ErrorCode } from '../../../server/protocol/error-codes.js';
import { LIMITS } from '../../../server/protocol/limits.js';
import { PASSWORD, type RequestOptions, TestUnit } from './test-unit.js';

const OFFER = 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 H264/90000\r\n';

interface Row {
  what: string;
  method: string;
  path: string;
  options?: RequestOptions;
  /** Without a sign-in. */
  stranger?: boolean;
  code: ErrorCode;
}

function sdp(body: string, type = 'application/sdp'): RequestOptions {
  return { body, headers: { 'Content-Type': type } };
}

function fragment(body: string, ifMatch?: string): RequestOptions {
  return {
    body,
    headers: {
      'Content-Type': 'application/trickle-ice-sdpfrag',
      ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    },
  };
}

const CANDIDATE = 'a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 5000 typ host\r\n';
const NAMED = { name: 'ada', password: PASSWORD };

const ROWS: Row[] = [
  { what: 'an unknown address', method: 'GET', path: '/api/nothing', code: 'not-found' },
  { what: 'an unknown page', method: 'GET', path: '/console', code: 'not-found' },
  { what: 'a path upwards', method: 'GET', path: '/../users.json', code: 'not-found' },
  { what: 'an encoded path upwards', method: 'GET', path: '/%2e%2e/users.json', code: 'not-found' },
  { what: 'a path with a bad escape', method: 'GET', path: '/%zz', code: 'bad-request' },
  {
    what: 'a very long id',
    method: 'DELETE',
    path: `/api/session/${'x'.repeat(500)}`,
    code: 'bad-request',
  },
  {
    what: 'a write to the status',
    method: 'POST',
    path: '/api/status',
    code: 'method-not-allowed',
  },
  { what: 'a read of the login', method: 'GET', path: '/api/login', code: 'method-not-allowed' },
  {
    what: 'a read of the sessions',
    method: 'GET',
    path: '/api/session',
    code: 'method-not-allowed',
  },
  {
    what: 'a read of the WHEP endpoint',
    method: 'GET',
    path: '/api/whep',
    code: 'method-not-allowed',
  },
  {
    what: 'a read of a WHEP resource',
    method: 'GET',
    path: '/api/whep/x',
    code: 'method-not-allowed',
  },
  {
    what: 'a PUT on a WHEP resource',
    method: 'PUT',
    path: '/api/whep/x',
    code: 'method-not-allowed',
  },
  {
    what: 'a login that is no JSON',
    method: 'POST',
    path: '/api/login',
    options: { body: '{', headers: { 'Content-Type': 'application/json' } },
    code: 'bad-request',
  },
  {
    what: 'a login without body',
    method: 'POST',
    path: '/api/login',
    options: { headers: { 'Content-Type': 'application/json' } },
    code: 'bad-request',
  },
  {
    what: 'a login as a form',
    method: 'POST',
    path: '/api/login',
    options: { body: 'name=ada', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
    code: 'unsupported-media-type',
  },
  {
    what: 'a login as plain text, which a foreign form can send',
    method: 'POST',
    path: '/api/login',
    options: { body: JSON.stringify(NAMED), headers: { 'Content-Type': 'text/plain' } },
    code: 'unsupported-media-type',
  },
  {
    what: 'a login without password',
    method: 'POST',
    path: '/api/login',
    options: { json: { name: 'ada' } },
    code: 'bad-request',
  },
  {
    what: 'a login with a number for a name',
    method: 'POST',
    path: '/api/login',
    options: { json: { ...NAMED, name: 1 } },
    code: 'bad-request',
  },
  {
    what: 'a login with more than it needs',
    method: 'POST',
    path: '/api/login',
    options: { json: { ...NAMED, admin: true } },
    code: 'bad-request',
  },
  {
    what: 'a login with a prototype',
    method: 'POST',
    path: '/api/login',
    options: {
      body: `{"name":"ada","password":"${PASSWORD}","__proto__":{}}`,
      headers: { 'Content-Type': 'application/json' },
    },
    code: 'bad-request',
  },
  {
    what: 'a name of 65 letters',
    method: 'POST',
    path: '/api/login',
    options: { json: { ...NAMED, name: 'x'.repeat(65) } },
    code: 'bad-request',
  },
  {
    what: 'a password of 257 letters',
    method: 'POST',
    path: '/api/login',
    options: { json: { ...NAMED, password: 'x'.repeat(257) } },
    code: 'bad-request',
  },
  {
    what: 'a wrong password',
    method: 'POST',
    path: '/api/login',
    options: { json: { ...NAMED, password: 'wrong' } },
    code: 'wrong-password',
  },
  {
    what: 'an unknown user',
    method: 'POST',
    path: '/api/login',
    options: { json: { ...NAMED, name: 'bob' } },
    code: 'wrong-password',
  },
  {
    what: 'a claim of a claimed unit',
    method: 'POST',
    path: '/api/claim',
    options: { json: { code: 'x', ...NAMED } },
    code: 'already-claimed',
  },
  {
    what: 'a body above the limit',
    method: 'POST',
    path: '/api/login',
    options: { json: { name: 'a', password: 'x'.repeat(LIMITS.maxBodyBytes) } },
    code: 'too-large',
  },
  {
    what: 'a weak new password',
    method: 'POST',
    path: '/api/password',
    options: { json: { current: PASSWORD, next: 'elevenchars' } },
    code: 'weak-password',
  },
  {
    what: 'a password change with a wrong one',
    method: 'POST',
    path: '/api/password',
    options: { json: { current: 'x', next: 'a new long password' } },
    code: 'wrong-password',
  },
  {
    what: 'a logout by a stranger',
    method: 'POST',
    path: '/api/logout',
    stranger: true,
    code: 'login-required',
  },
  {
    what: 'a password change by a stranger',
    method: 'POST',
    path: '/api/password',
    stranger: true,
    options: { json: { current: PASSWORD, next: PASSWORD } },
    code: 'login-required',
  },
  {
    what: 'a session for a stranger',
    method: 'POST',
    path: '/api/session',
    stranger: true,
    code: 'login-required',
  },
  {
    what: 'the end of a session by a stranger',
    method: 'DELETE',
    path: '/api/session/x',
    stranger: true,
    code: 'login-required',
  },
  {
    what: 'a socket for a stranger',
    method: 'GET',
    path: '/api/session/x/socket',
    stranger: true,
    code: 'login-required',
  },
  {
    what: 'an offer of a stranger',
    method: 'POST',
    path: '/api/whep',
    stranger: true,
    options: sdp(OFFER),
    code: 'login-required',
  },
  {
    what: 'candidates of a stranger',
    method: 'PATCH',
    path: '/api/whep/x',
    stranger: true,
    options: fragment(CANDIDATE, '*'),
    code: 'login-required',
  },
  {
    what: 'the end of a resource by a stranger',
    method: 'DELETE',
    path: '/api/whep/x',
    stranger: true,
    code: 'login-required',
  },
  {
    what: 'the candidate stream for a stranger',
    method: 'GET',
    path: '/api/whep/x/candidates',
    stranger: true,
    code: 'login-required',
  },
  {
    what: 'a wrong bearer token',
    method: 'POST',
    path: '/api/session',
    stranger: true,
    options: { headers: { Authorization: 'Bearer AAAA' } },
    code: 'login-required',
  },
  {
    what: 'another kind of authorization',
    method: 'POST',
    path: '/api/session',
    stranger: true,
    options: { headers: { Authorization: 'Basic YTpi' } },
    code: 'login-required',
  },
  { what: 'the end of no session', method: 'DELETE', path: '/api/session/x', code: 'no-session' },
  {
    what: 'a socket without upgrade',
    method: 'GET',
    path: '/api/session/x/socket',
    code: 'bad-request',
  },
  { what: 'an empty offer', method: 'POST', path: '/api/whep', options: sdp(''), code: 'bad-sdp' },
  {
    what: 'an offer that is no SDP',
    method: 'POST',
    path: '/api/whep',
    options: sdp('hello'),
    code: 'bad-sdp',
  },
  {
    what: 'an offer without video',
    method: 'POST',
    path: '/api/whep',
    options: sdp('v=0\r\nm=audio 9 X 0\r\n'),
    code: 'no-video',
  },
  {
    what: 'an offer without H.264',
    method: 'POST',
    path: '/api/whep',
    options: sdp('v=0\r\nm=video 9 X 96\r\na=rtpmap:96 VP8/90000\r\n'),
    code: 'no-h264',
  },
  {
    what: 'an offer as JSON',
    method: 'POST',
    path: '/api/whep',
    options: { json: { sdp: OFFER } },
    code: 'unsupported-media-type',
  },
  {
    what: 'an offer as a fragment',
    method: 'POST',
    path: '/api/whep',
    options: sdp(OFFER, 'application/trickle-ice-sdpfrag'),
    code: 'unsupported-media-type',
  },
  {
    what: 'an offer without type',
    method: 'POST',
    path: '/api/whep',
    options: { body: OFFER },
    code: 'unsupported-media-type',
  },
  {
    what: 'an offer above the limit',
    method: 'POST',
    path: '/api/whep',
    options: sdp(`v=0\r\n${'a=x\r\n'.repeat(14_000)}`),
    code: 'too-large',
  },
  {
    what: 'an offer for no session',
    method: 'POST',
    path: '/api/whep?session=x',
    options: sdp(OFFER),
    code: 'no-session',
  },
  {
    what: 'an offer for two sessions',
    method: 'POST',
    path: '/api/whep?session=x&session=y',
    options: sdp(OFFER),
    code: 'bad-request',
  },
  {
    what: 'candidates for no resource',
    method: 'PATCH',
    path: '/api/whep/x',
    options: fragment(CANDIDATE, '"ice-1"'),
    code: 'no-session',
  },
  { what: 'the end of no resource', method: 'DELETE', path: '/api/whep/x', code: 'no-session' },
  {
    what: 'the candidate stream of no resource',
    method: 'GET',
    path: '/api/whep/x/candidates',
    code: 'no-session',
  },
  {
    what: 'candidates without If-Match',
    method: 'PATCH',
    path: '/api/whep/ID',
    options: fragment(CANDIDATE),
    code: 'precondition-required',
  },
  {
    what: 'candidates of another ICE session',
    method: 'PATCH',
    path: '/api/whep/ID',
    options: fragment(CANDIDATE, '"ice-0"'),
    code: 'precondition-failed',
  },
  {
    what: 'a weak entity tag',
    method: 'PATCH',
    path: '/api/whep/ID',
    options: fragment(CANDIDATE, 'W/"ice-1"'),
    code: 'precondition-failed',
  },
  {
    what: 'an empty fragment',
    method: 'PATCH',
    path: '/api/whep/ID',
    options: fragment('', '"ice-1"'),
    code: 'bad-candidate',
  },
  {
    what: 'a fragment without candidates',
    method: 'PATCH',
    path: '/api/whep/ID',
    options: fragment('a=mid:0\r\n', '"ice-1"'),
    code: 'bad-candidate',
  },
  {
    what: 'an ICE restart without credentials',
    method: 'PATCH',
    path: '/api/whep/ID',
    options: fragment(CANDIDATE, '*'),
    code: 'bad-candidate',
  },
  {
    what: 'candidates as JSON',
    method: 'PATCH',
    path: '/api/whep/ID',
    options: { json: {}, headers: { 'If-Match': '"ice-1"' } },
    code: 'unsupported-media-type',
  },
  {
    what: 'candidates as a whole SDP',
    method: 'PATCH',
    path: '/api/whep/ID',
    options: {
      ...sdp(OFFER),
      headers: { 'Content-Type': 'application/sdp', 'If-Match': '"ice-1"' },
    },
    code: 'unsupported-media-type',
  },
];

describe('bad requests', () => {
  let unit: TestUnit;
  let bearer: Record<string, string>;
  let resource: string;
  before(async () => {
    unit = await TestUnit.open();
    await unit.claim();
    bearer = await unit.bearer();
    const made = await unit.request('POST', '/api/whep', {
      ...sdp(OFFER),
      headers: { ...bearer, 'Content-Type': 'application/sdp' },
    });
    resource = String(made.headers['location']).split('/').at(-1) ?? '';
  });
  after(() => unit.close());

  for (const { what, method, path, options, stranger, code } of ROWS) {
    it(`answers ${what} with ${code}`, async () => {
      // Failures of one row must not slow down the next.
      unit.advance(61 * 60_000);
      const reply = await unit.request(method, path.replace('ID', resource), {
        ...options,
        headers: { ...(stranger ? {} : bearer), ...options?.headers },
      });
      assert.equal(reply.status, ERRORS[code].status, reply.text);
      assert.match(String(reply.headers['content-type']), /^application\/json/);
      assert.deepEqual(Object.keys(reply.json), ['error', 'message']);
      assert.equal(reply.json.error, code);
      assert.ok(reply.json.message.length > 0);
      if (code === 'method-not-allowed') assert.ok(reply.headers['allow']);
      if (code === 'login-required') assert.equal(reply.headers['www-authenticate'], 'Bearer');
    });
  }

  it('still works after all of them', async () => {
    const reply = await unit.request('GET', '/api/status', { headers: await unit.bearer() });
    assert.equal(reply.json.signedIn, true);
  });
});
