import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { silentLogger } from '../../../server/logger.js';
import type { IceConfiguration } from '../../../server/protocol/ice-configuration.js';
import { IceServers } from '../../../server/webrtc/ice-servers.js';
import { TestUnit } from './test-unit.js';

let unit: TestUnit;
let bearer: Record<string, string>;
const saved: IceConfiguration[] = [];

before(async () => {
  const ice = await IceServers.open({
    fixed: null,
    memory: { load: async () => undefined, save: async (next) => void saved.push(next) },
    logger: silentLogger,
    changed: () => {},
    replaced: () => {},
  });
  unit = await TestUnit.open({ ice });
  await unit.claim();
  bearer = await unit.bearer();
});
after(() => unit.close());

const put = (json: object, headers = bearer) => unit.request('PUT', '/api/ice', { headers, json });
const SERVERS = { urls: ['turn:t.example'], username: null, secret: 'north', policy: 'all' };

it('is for those who have signed in', async () => {
  assert.equal((await unit.request('GET', '/api/ice')).status, 401);
  assert.equal((await put(SERVERS, {})).status, 401);
});

it('takes servers, keeps them, and never tells the secret', async () => {
  const reply = await put(SERVERS);
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual(saved, [{ ...SERVERS, password: null }]);
  const told = await unit.request('GET', '/api/ice', { headers: bearer });
  assert.deepEqual(told.json, {
    urls: ['turn:t.example'],
    username: null,
    hasPassword: false,
    hasSecret: true,
    policy: 'all',
    fixed: false,
    checks: [{ url: 'turn:t.example', state: 'asking', problem: null }],
  });
});

it('says what is wrong with servers that cannot be used', async () => {
  const reply = await put({ ...SERVERS, urls: ['http://t.example'] });
  assert.equal(reply.status, 422);
  assert.equal(reply.json.error, 'bad-ice-servers');
  assert.match(reply.json.message, /"http:\/\/t\.example" is not a stun:, turn: or turns: address/);
  assert.equal((await put({ ...SERVERS, more: 1 })).status, 400);
  assert.equal((await put({ ...SERVERS, policy: 'some' })).status, 400);
  assert.equal((await put({ ...SERVERS, urls: Array(9).fill('stun:s.example') })).status, 400);
});

it('tells servers before the offer, to who has signed in', async () => {
  unit.sessions.iceServers = [{ urls: ['stun:s.example'] }];
  const options = (headers: Record<string, string>) =>
    unit.request('OPTIONS', '/api/whep', { headers });
  assert.equal((await options(bearer)).headers['link'], '<stun:s.example>; rel="ice-server"');
  assert.equal((await options({})).headers['link'], undefined);
});
