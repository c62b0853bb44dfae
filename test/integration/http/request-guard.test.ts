import assert from 'node:assert/strict';
import { hostname, networkInterfaces } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { PASSWORD, TestUnit } from './test-unit.js';

describe('Host header', () => {
  let unit: TestUnit;
  before(async () => {
    unit = await TestUnit.open({
      extraHosts: ['kvm.office.example', '203.0.113.9', 'fd00::9'],
      publicUrl: 'https://kvm.example/unit1/',
    });
  });
  after(() => unit.close());

  const address = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  const ours = [
    'localhost',
    'LOCALHOST',
    'localhost.',
    '127.0.0.1',
    '127.1.2.3',
    '[::1]',
    hostname(),
    `${hostname().split('.')[0]}.local`,
    'kvm.office.example',
    '203.0.113.9',
    '[fd00::9]',
    '[FD00:0:0::9]',
    'kvm.example',
    ...(address ? [address] : []),
  ];
  for (const host of ours) {
    it(`takes ${host}, with any port`, async () => {
      for (const header of [host, `${host}:8443`, `${host}:9443`]) {
        const reply = await unit.request('GET', '/api/status', { headers: { Host: header } });
        assert.equal(reply.status, 200, header);
      }
    });
  }

  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.evil.example',
    '127.0.0.1.evil.example',
    'kvm.example.evil.example',
    'xkvm.example',
    '198.51.100.1',
    '[2001:db8::1]',
    '0.0.0.0',
    'user@localhost',
    'localhost/',
    'localhost.evil.example',
    '127.evil.example',
    '127.0.0.1.evil.example',
  ]) {
    it(`refuses "${host}", page and API alike`, async () => {
      for (const path of ['/', '/api/status', '/api/nothing']) {
        const reply = await unit.request('GET', path, { headers: { Host: host } });
        assert.equal(reply.status, 421);
        assert.equal(reply.json.error, 'wrong-host');
      }
    });
  }

  it('does not believe X-Forwarded-Host of a stranger', async () => {
    const headers = { Host: 'evil.example', 'X-Forwarded-Host': 'localhost' };
    assert.equal((await unit.request('GET', '/', { headers })).status, 421);
    const other = { 'X-Forwarded-Host': 'evil.example' };
    assert.equal((await unit.request('GET', '/', { headers: other })).status, 200);
  });
});

describe('Host header behind a trusted proxy', () => {
  it('is the one that the proxy was asked for', async () => {
    const unit = await TestUnit.open({
      trustedProxies: ['127.0.0.1'],
      publicUrl: 'https://kvm.example/',
    });
    try {
      const good = { Host: 'internal', 'X-Forwarded-Host': 'kvm.example' };
      assert.equal((await unit.request('GET', '/api/status', { headers: good })).status, 200);
      const bad = { 'X-Forwarded-Host': 'evil.example' };
      assert.equal((await unit.request('GET', '/api/status', { headers: bad })).status, 421);
    } finally {
      await unit.close();
    }
  });

  it('throttles the client that the proxy names, not the proxy', async () => {
    const unit = await TestUnit.open({ trustedProxies: ['127.0.0.1'] });
    try {
      await unit.claim();
      const attempt = (from: string, name: string) =>
        unit.request('POST', '/api/login', {
          json: { name, password: 'wrong' },
          headers: { 'X-Forwarded-For': from },
        });
      for (let i = 0; i < 5; i += 1) {
        assert.equal((await attempt('192.0.2.1', `user${i}`)).status, 401);
      }
      assert.equal((await attempt('192.0.2.1', 'another')).status, 429);
      assert.equal((await attempt('192.0.2.2', 'another')).status, 401);
    } finally {
      await unit.close();
    }
  });
});

describe('Origin header', () => {
  let unit: TestUnit;
  let cookie: string;
  let bearer: Record<string, string>;
  before(async () => {
    unit = await TestUnit.open({ publicUrl: 'https://kvm.example/unit1/' });
    unit.sessions.maxViewers = 100;
    cookie = await unit.claim();
    bearer = await unit.bearer();
  });
  after(() => unit.close());

  const post = (headers: Record<string, string>) =>
    unit.request('POST', '/api/session', { headers });

  it('is needed for a write with the cookie, and must be our own', async () => {
    assert.equal((await post({ Cookie: cookie, Origin: unit.origin })).status, 201);
    assert.equal((await post({ Cookie: cookie, Origin: 'https://kvm.example' })).status, 201);
    const { port } = unit.server;
    for (const origin of [
      undefined,
      'null',
      '',
      'https://evil.example',
      `http://localhost:${port}`,
      'https://localhost',
      `https://localhost:${port + 1}`,
      `https://127.0.0.1:${port}`,
      `https://localhost:${port}/`,
      'https://kvm.example.evil.example',
      'https://kvm.example:8443',
    ]) {
      const reply = await post({
        Cookie: cookie,
        ...(origin === undefined ? {} : { Origin: origin }),
      });
      assert.equal(reply.status, 403, `${origin}`);
      assert.equal(reply.json.error, 'wrong-origin');
    }
  });

  it('is needed by every route that writes', async () => {
    const writes: Array<[string, string]> = [
      ['POST', '/api/logout'],
      ['POST', '/api/password'],
      ['POST', '/api/login'],
      ['POST', '/api/claim'],
      ['POST', '/api/session'],
      ['DELETE', '/api/session/x'],
      ['POST', '/api/whep'],
      ['PATCH', '/api/whep/x'],
      ['DELETE', '/api/whep/x'],
    ];
    for (const [method, path] of writes) {
      const reply = await unit.request(method, path, { headers: { Cookie: cookie } });
      assert.equal(reply.json?.error, 'wrong-origin', `${method} ${path}`);
    }
    const status = await unit.request('GET', '/api/status', { headers: { Cookie: cookie } });
    assert.equal(status.json.signedIn, true, 'nothing was done');
  });

  it('is needed even when the cookie is no longer good', async () => {
    assert.equal((await post({ Cookie: '__Host-mykvm=old' })).status, 403);
  });

  it('is not needed with a bearer token', async () => {
    assert.equal((await post(bearer)).status, 201);
    assert.equal((await post({ ...bearer, Origin: 'https://player.example' })).status, 201);
  });

  it('is not needed by a program that logs in, but a foreign page may not', async () => {
    const json = { name: 'ada', password: PASSWORD };
    assert.equal((await unit.request('POST', '/api/login', { json })).status, 200);
    const headers = { Origin: 'https://evil.example' };
    const reply = await unit.request('POST', '/api/login', { json, headers });
    assert.equal(reply.json.error, 'wrong-origin');
  });

  it('does not make a wrong bearer token good with a cookie', async () => {
    const reply = await post({ Authorization: 'Bearer x', Cookie: cookie, Origin: unit.origin });
    assert.equal(reply.status, 401);
  });

  it('opens nothing to other origins', async () => {
    const headers = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' };
    const reply = await unit.request('OPTIONS', '/api/whep', { headers });
    assert.equal(reply.headers['access-control-allow-origin'], undefined);
  });
});
