import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ERRORS } from '../../../server/protocol/error-codes.js';
import { BAD_ACCOUNT_REQUESTS } from './bad-account-requests.js';
import { OFFER, sdp } from './bad-request-row.js';
import { BAD_WHEP_REQUESTS } from './bad-whep-requests.js';
import { TestUnit } from './test-unit.js';

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

  for (const { what, method, path, options, stranger, code } of [
    ...BAD_ACCOUNT_REQUESTS,
    ...BAD_WHEP_REQUESTS,
  ]) {
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
