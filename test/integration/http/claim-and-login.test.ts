import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { cookieOf, PASSWORD, TestUnit } from './test-unit.js';

describe('claim and login', () => {
  let unit: TestUnit;
  beforeEach(async () => {
    unit = await TestUnit.open();
  });
  afterEach(() => unit.close());

  it('claims with the announced code and is signed in at once', async () => {
    const before = await unit.request('GET', '/api/status');
    assert.equal(before.status, 200);
    assert.deepEqual(before.json, {
      claimed: false,
      signedIn: false,
      name: null,
      version: '0.0.0-test',
      protocol: 1,
      certificateSha256: unit.certificate.identity.sha256,
    });
    const cookie = await unit.claim();
    const after = await unit.request('GET', '/api/status', { headers: { Cookie: cookie } });
    assert.equal(after.json.claimed, true);
    assert.equal(after.json.signedIn, true);
    assert.equal(after.json.name, 'ada');
  });

  it('gives a cookie that scripts, other sites and plain HTTP never see', async () => {
    await unit.claim();
    const reply = await unit.request('POST', '/api/login', {
      json: { name: 'ada', password: PASSWORD },
    });
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.json, { name: 'ada' });
    const [pair, ...attributes] = reply.headers['set-cookie']?.[0]?.split('; ') ?? [];
    assert.match(pair ?? '', /^__Host-mykvm=[\w-]{43}$/);
    assert.deepEqual(attributes.sort(), ['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
    assert.notEqual(cookieOf(reply), '');
  });
});
