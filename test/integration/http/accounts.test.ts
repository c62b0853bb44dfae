import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { LIMITS } from '../../../server/protocol/limits.js';
import { PASSWORD, type Reply, TestUnit } from './test-unit.js';

const OTHER = 'another long password';

let unit: TestUnit;
/** Bearer of the owner. */
let ada: Record<string, string>;

async function open(): Promise<void> {
  unit = await TestUnit.open();
  await unit.claim();
  ada = await unit.bearer();
}

const act = (what: string, json: object, headers = ada): Promise<Reply> =>
  unit.request('POST', `/api/accounts${what}`, { json, headers });

const make = (name: string, role: string, headers = ada): Promise<Reply> =>
  act('', { name, role, password: PASSWORD }, headers);

const login = (name: string, password = PASSWORD): Promise<Reply> =>
  unit.request('POST', '/api/login', { json: { name, password, bearer: true } });

async function bearerOf(name: string, password = PASSWORD): Promise<Record<string, string>> {
  return { Authorization: `Bearer ${(await login(name, password)).json.token}` };
}

const status = async (headers: Record<string, string>): Promise<[boolean, string | null]> => {
  const { json } = await unit.request('GET', '/api/status', { headers });
  return [json.signedIn, json.role];
};

describe('accounts over HTTP', () => {
  beforeEach(open);
  afterEach(() => unit.close());

  it('are made, listed, changed and removed by the owner', async () => {
    const made = await make('lin', 'operator');
    assert.equal(made.status, 200);
    assert.deepEqual(made.json, {
      accounts: [
        // The claim's sign-in and the bearer.
        { name: 'ada', role: 'owner', signIns: 2 },
        { name: 'lin', role: 'operator', signIns: 0 },
      ],
      places: LIMITS.maxAccounts - 2,
    });
    assert.deepEqual(await status(await bearerOf('lin')), [true, 'operator']);
    const change = { name: 'lin', newName: 'Linus', role: 'watcher', password: OTHER };
    const changed = await act('/change', change);
    assert.deepEqual(changed.json.accounts[1], { name: 'Linus', role: 'watcher', signIns: 0 });
    assert.equal((await login('lin')).status, 401);
    assert.deepEqual(await status(await bearerOf('Linus', OTHER)), [true, 'watcher']);
    const removed = await act('/remove', { name: 'Linus' });
    assert.equal(removed.json.accounts.length, 1);
    assert.equal((await login('Linus', OTHER)).status, 401);
    const list = await unit.request('GET', '/api/accounts', { headers: ada });
    assert.deepEqual(list.json, removed.json);
  });

  it('never tell a password', async () => {
    const { text } = await make('lin', 'operator');
    assert.doesNotMatch(text, /hash|salt|password/);
  });

  for (const [what, json] of [
    ['a change of role', { role: 'watcher' }],
    ['a new name', { newName: 'bob' }],
    ['a new password', { password: OTHER }],
  ] as const) {
    it(`lose their sessions at once by ${what}, and nobody else does`, async () => {
      await make('lin', 'operator');
      const lin = await bearerOf('lin');
      await unit.request('POST', '/api/session', { headers: lin });
      const own = await unit.request('POST', '/api/session', { headers: ada });
      assert.equal((await act('/change', { name: 'lin', ...json })).status, 200);
      assert.deepEqual(await status(lin), [false, null]);
      assert.deepEqual([...unit.sessions.owners.keys()], [own.json.session]);
    });
  }

  it('lose their sessions at once when they are removed', async () => {
    await make('lin', 'operator');
    const lin = await bearerOf('lin');
    await unit.request('POST', '/api/session', { headers: lin });
    await act('/remove', { name: 'lin' });
    assert.equal(unit.sessions.owners.size, 0);
    assert.equal(unit.sessions.endedLogins.length, 1);
    const late = await unit.request('POST', '/api/session', { headers: lin });
    assert.equal(late.json.error, 'login-required');
  });

  it('change their own password', async () => {
    await make('lin', 'watcher');
    const [here, there] = [await bearerOf('lin'), await bearerOf('lin')];
    const json = { current: PASSWORD, next: OTHER };
    const reply = await unit.request('POST', '/api/password', { json, headers: here });
    assert.equal(reply.status, 204);
    assert.deepEqual(await status(here), [true, 'watcher']);
    assert.deepEqual(await status(there), [false, null]);
    assert.equal((await login('lin', OTHER)).status, 200);
  });

  it('are guessed no faster than the owner', async () => {
    await make('lin', 'operator');
    for (let guess = 0; guess < 5; guess += 1) {
      assert.equal((await login('lin', `wrong ${guess}`)).status, 401);
    }
    const refused = await login('lin');
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '1']);
  });

  it('are limited in number', async () => {
    const { accounts } = unit.auth;
    while (accounts.places > 1) await accounts.create(`user ${accounts.places}`, 'watcher', OTHER);
    assert.equal((await make('last', 'watcher')).json.places, 0);
    const refused = await make('one too many', 'watcher');
    assert.deepEqual([refused.status, refused.json.error], [409, 'too-many-accounts']);
    // The file with all of them is read again.
    assert.equal((await login('last')).status, 200);
  });
});

describe('accounts for others than owners', () => {
  before(async () => {
    await open();
    await make('lin', 'operator');
    await make('grete', 'watcher');
  });
  after(() => unit.close());

  for (const role of ['nobody', 'lin', 'grete']) {
    for (const [method, path, json] of [
      ['GET', '', undefined],
      ['POST', '', { name: 'eve', role: 'operator', password: PASSWORD }],
      ['POST', '/change', { name: 'lin', role: 'operator' }],
      ['POST', '/remove', { name: 'grete' }],
    ] as const) {
      it(`are closed: ${role}, ${method} ${path}`, async () => {
        const headers = role === 'nobody' ? {} : await bearerOf(role);
        const options = json ? { json, headers } : { headers };
        const reply = await unit.request(method, `/api/accounts${path}`, options);
        const code = role === 'nobody' ? 'login-required' : 'not-allowed';
        assert.equal(reply.json.error, code);
        assert.deepEqual(
          unit.auth.accounts.list.map(({ name }) => name),
          ['ada', 'lin', 'grete'],
        );
      });
    }
  }

  it('do not follow a foreign page that rides on a cookie', async () => {
    const reply = await unit.request('POST', '/api/login', {
      json: { name: 'ada', password: PASSWORD },
    });
    const Cookie = reply.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const refused = await make('eve', 'operator', { Cookie, Origin: 'https://evil.example' });
    assert.equal(refused.json.error, 'wrong-origin');
    assert.equal((await make('eve', 'operator', { Cookie, Origin: unit.origin })).status, 200);
    await act('/remove', { name: 'eve' });
  });

  for (const [what, path, json, code] of [
    ['an owner as the role', '', { name: 'x', role: 'owner', password: PASSWORD }, 'bad-request'],
    ['a short password', '', { name: 'x', role: 'watcher', password: 'short' }, 'weak-password'],
    ['a name that is taken', '', { name: 'LIN', role: 'watcher', password: OTHER }, 'name-taken'],
    ['a change of nothing', '/change', { name: 'lin' }, 'bad-request'],
    ['a change to an owner', '/change', { name: 'lin', role: 'owner' }, 'bad-request'],
    ['a change of the owner', '/change', { name: 'ada', role: 'watcher' }, 'not-allowed'],
    ['a removal of the owner', '/remove', { name: 'ada' }, 'not-allowed'],
    ['a removal of nobody', '/remove', { name: 'bob' }, 'no-account'],
    ['a field that is not known', '/remove', { name: 'lin', all: true }, 'bad-request'],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const reply = await act(path, json);
      assert.equal(reply.json.error, code, reply.text);
      assert.equal(unit.auth.accounts.list.length, 3);
    });
  }
});
