import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { cookieOf, PASSWORD, TestUnit } from './test-unit.js';

const NEXT = 'another long password';
const HOUR_MS = 60 * 60_000;

describe('claim', () => {
  let unit: TestUnit;
  beforeEach(async () => {
    unit = await TestUnit.open();
  });
  afterEach(() => unit.close());

  const claim = (code: string | undefined, password = PASSWORD, name = 'ada') =>
    unit.request('POST', '/api/claim', { json: { code, name, password } });

  it('claims with the announced code and is signed in at once', async () => {
    const before = await unit.request('GET', '/api/status');
    assert.equal(before.status, 200);
    assert.deepEqual(before.json, {
      claimed: false,
      signedIn: false,
      name: null,
      role: null,
      version: '0.0.0-test',
      protocol: 2,
      certificateSha256: unit.certificate.identity.sha256,
    });
    const cookie = await unit.claim();
    const after = await unit.request('GET', '/api/status', { headers: { Cookie: cookie } });
    assert.equal(after.json.claimed, true);
    assert.equal(after.json.signedIn, true);
    assert.equal(after.json.name, 'ada');
    assert.equal(after.json.role, 'owner');
  });

  it('shows a code at the start, and once however often the page looks', async () => {
    assert.equal(unit.codes.length, 1);
    for (let i = 0; i < 3; i += 1) await unit.request('GET', '/api/status');
    assert.equal(unit.codes.length, 1);
    unit.advance(15 * 60_000);
    await unit.request('GET', '/api/status');
    assert.equal(unit.codes.length, 2);
  });

  it('tells no code to the network', async () => {
    const status = await unit.request('GET', '/api/status');
    const wrong = await claim('00000-00000');
    assert.ok(!`${status.text}${wrong.text}`.includes(unit.codes[0] ?? '?'));
    assert.equal(wrong.json.error, 'wrong-code');
  });

  it('makes a new code after five wrong tries and slows the guesser down', async () => {
    const first = unit.codes[0];
    for (let i = 0; i < 5; i += 1) assert.equal((await claim('00000-00000')).status, 403);
    assert.equal(unit.codes.length, 2);
    const refused = await claim(unit.codes[1]);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers['retry-after'], '1');
    unit.advance(1000);
    assert.equal((await claim(first)).json.error, 'wrong-code');
    unit.advance(HOUR_MS + 1);
    await unit.request('GET', '/api/status');
    assert.equal((await claim(unit.codes.at(-1))).status, 200);
  });

  it('asks for a long password before it uses the code up', async () => {
    const weak = await claim(unit.codes[0], 'elevenchars');
    assert.equal(weak.json.error, 'weak-password');
    assert.equal((await claim(unit.codes[0], 'x'.repeat(12))).status, 200);
  });

  it('asks for a name that can be seen', async () => {
    for (const name of ['  ', '\u200b', 'a\nb']) {
      assert.equal((await claim(unit.codes[0], PASSWORD, name)).json.error, 'bad-request');
    }
  });

  it('has one owner when two claim at once', async () => {
    const replies = await Promise.all([
      claim(unit.codes[0], PASSWORD, 'ada'),
      claim(unit.codes[0], PASSWORD, 'bob'),
    ]);
    assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 409]);
  });

  it('has no login and announces no code after', async () => {
    const early = await unit.request('POST', '/api/login', { json: { name: 'a', password: 'b' } });
    assert.equal(early.json.error, 'not-claimed');
    await unit.claim();
    unit.advance(HOUR_MS);
    await unit.request('GET', '/api/status');
    assert.equal((await claim(unit.codes[0])).json.error, 'already-claimed');
    assert.equal(unit.codes.length, 1);
  });
});

describe('login', () => {
  let unit: TestUnit;
  let cookie: string;
  beforeEach(async () => {
    unit = await TestUnit.open();
    cookie = await unit.claim();
  });
  afterEach(() => unit.close());

  const login = (name: string, password: string) =>
    unit.request('POST', '/api/login', { json: { name, password } });
  const signedIn = async (headers: Record<string, string>) =>
    (await unit.request('GET', '/api/status', { headers })).json.signedIn;

  it('gives a cookie that scripts, other sites and plain HTTP never see', async () => {
    const reply = await login('ada', PASSWORD);
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.json, { name: 'ada' });
    const [pair, ...attributes] = reply.headers['set-cookie']?.[0]?.split('; ') ?? [];
    assert.match(pair ?? '', /^__Host-mykvm=[\w-]{43}$/);
    assert.deepEqual(attributes.sort(), ['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
    assert.equal(reply.headers['cache-control'], 'no-store');
  });

  it('gives a bearer token in place of the cookie when asked', async () => {
    const json = { name: 'ada', password: PASSWORD, bearer: true };
    const reply = await unit.request('POST', '/api/login', { json });
    assert.equal(reply.headers['set-cookie'], undefined);
    assert.equal(await signedIn({ Authorization: `Bearer ${reply.json.token}` }), true);
    assert.equal(await signedIn({ Authorization: 'Bearer other' }), false);
  });

  it('says the same to an unknown user and to a wrong password', async () => {
    const unknown = await login('bob', 'wrong');
    const wrong = await login('ada', 'wrong');
    assert.deepEqual([unknown.status, unknown.json], [wrong.status, wrong.json]);
    assert.equal(wrong.status, 401);
  });

  it('ends the sign-in that it replaces', async () => {
    const headers = { Cookie: cookie, Origin: unit.origin };
    await unit.request('POST', '/api/login', {
      json: { name: 'ada', password: PASSWORD },
      headers,
    });
    assert.equal(await signedIn({ Cookie: cookie }), false);
  });

  it('slows guessing down, the right password too, and recovers', async () => {
    for (let i = 0; i < 5; i += 1) assert.equal((await login('ada', `wrong ${i}`)).status, 401);
    const refused = await login('ada', PASSWORD);
    assert.equal(refused.status, 429);
    assert.equal(refused.json.error, 'throttled');
    assert.equal(refused.headers['retry-after'], '1');
    unit.advance(1000);
    assert.equal((await login('ada', 'wrong')).status, 401);
    assert.equal((await login('ada', PASSWORD)).headers['retry-after'], '2');
    unit.advance(2000);
    assert.equal((await login('ada', PASSWORD)).status, 200);
    assert.equal((await login('ada', 'wrong')).status, 401);
  });

  it('slows down many guesses that are sent at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => login('ada', `guess ${index}`)),
    );
    const judged = replies.filter(({ status }) => status === 401).length;
    assert.ok(judged <= 5, `${judged} guesses were judged`);
    assert.ok(replies.some(({ status }) => status === 429));
  });

  it('tells those who come while five passwords are in work to come back', async () => {
    // Each is of another address and user, so that the throttle does not speak first.
    const others = await Promise.all(
      Array.from({ length: 9 }, (_, index) =>
        unit.auth.login(`user ${index}`, 'wrong', `192.0.2.${index}`).catch((error) => error.code),
      ),
    );
    assert.deepEqual(others, [...Array(5).fill('wrong-password'), ...Array(4).fill('busy')]);
  });

  it('logs out: the cookie is taken back, media and input end', async () => {
    const headers = { Cookie: cookie, Origin: unit.origin };
    await unit.request('POST', '/api/session', { headers });
    const reply = await unit.request('POST', '/api/logout', { headers });
    assert.equal(reply.status, 204);
    assert.match(cookieOf(reply), /^__Host-mykvm=$/);
    assert.equal(await signedIn({ Cookie: cookie }), false);
    assert.equal(unit.sessions.endedLogins.length, 1);
    assert.equal(unit.sessions.owners.size, 0);
  });

  it('changes the password and ends every other sign-in at once', async () => {
    const bearer = await unit.bearer();
    await unit.request('POST', '/api/session', { headers: bearer });
    const headers = { Cookie: cookie, Origin: unit.origin };
    const own = await unit.request('POST', '/api/session', { headers });
    const json = { current: PASSWORD, next: NEXT };
    const reply = await unit.request('POST', '/api/password', { json, headers });
    assert.equal(reply.status, 204);
    assert.equal(await signedIn({ Cookie: cookie }), true);
    assert.equal(await signedIn(bearer), false);
    assert.deepEqual([...unit.sessions.owners.keys()], [own.json.session]);
    assert.equal((await login('ada', PASSWORD)).status, 401);
    assert.equal((await login('ada', NEXT)).status, 200);
  });

  it('slows guessing of the password by who is signed in down too', async () => {
    const headers = { Cookie: cookie, Origin: unit.origin };
    const change = () =>
      unit.request('POST', '/api/password', { json: { current: 'wrong', next: NEXT }, headers });
    for (let i = 0; i < 5; i += 1) assert.equal((await change()).status, 401);
    assert.equal((await change()).status, 429);
  });

  it('ends a sign-in that nobody used for a day', async () => {
    unit.advance(24 * HOUR_MS + 1);
    assert.equal(await signedIn({ Cookie: cookie }), false);
    assert.equal(unit.sessions.endedLogins.length, 1);
  });
});
