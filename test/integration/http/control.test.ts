import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MAX_CONTROL_IDLE_SECONDS } from '../../../server/protocol/control-rules.js';
import { PASSWORD, TestUnit } from './test-unit.js';

const KEPT = { shared: false, idleSeconds: 60 };

describe('settings of control over HTTP', () => {
  let unit: TestUnit;
  let settings = KEPT;
  const changedBy: string[] = [];
  before(async () => {
    unit = await TestUnit.open({
      control: {
        get reply() {
          return settings;
        },
        change: async (next, loginId) => {
          settings = next;
          changedBy.push(loginId);
        },
      },
    });
    await unit.claim();
    await unit.auth.accounts.create('lin', 'operator', PASSWORD);
  });
  after(() => unit.close());

  async function bearerOf(name: string): Promise<Record<string, string>> {
    const json = { name, password: PASSWORD, bearer: true };
    const reply = await unit.request('POST', '/api/login', { json });
    return { Authorization: `Bearer ${reply.json.token}` };
  }

  it('are changed by an owner, whose sign-in is named', async () => {
    const headers = await bearerOf('ada');
    const json = { shared: true, idleSeconds: 0 };
    const reply = await unit.request('PUT', '/api/control', { json, headers });
    assert.deepEqual([reply.status, reply.json], [200, json]);
    assert.equal(changedBy.length, 1);
    await unit.request('POST', '/api/logout', { headers });
    assert.deepEqual(unit.sessions.endedLogins, changedBy);
    settings = KEPT;
  });

  it('are told to everybody who is signed in, and changed by no other', async () => {
    const headers = await bearerOf('lin');
    const told = await unit.request('GET', '/api/control', { headers });
    assert.deepEqual(told.json, KEPT);
    const json = { shared: true, idleSeconds: 0 };
    const refused = await unit.request('PUT', '/api/control', { json, headers });
    assert.equal(refused.json.error, 'not-allowed');
    for (const method of ['GET', 'PUT']) {
      const stranger = await unit.request(method, '/api/control', { json });
      assert.equal(stranger.json.error, 'login-required');
    }
    assert.deepEqual(settings, KEPT);
  });

  for (const [what, json] of [
    ['half of them', { shared: true }],
    ['a negative time', { shared: true, idleSeconds: -1 }],
    ['a time of more than a day', { shared: true, idleSeconds: MAX_CONTROL_IDLE_SECONDS + 1 }],
    ['a part of a second', { shared: true, idleSeconds: 1.5 }],
    ['a text', { shared: 'yes', idleSeconds: 60 }],
    ['one that is not known', { ...KEPT, all: true }],
  ] as const) {
    it(`are not changed by ${what}`, async () => {
      const headers = await bearerOf('ada');
      const reply = await unit.request('PUT', '/api/control', { json, headers });
      assert.equal(reply.json.error, 'bad-request');
      assert.deepEqual(settings, KEPT);
    });
  }
});
