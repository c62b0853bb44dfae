import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { StartError } from '../../../server/errors.js';
import { TestUnit } from './test-unit.js';

describe('page', () => {
  let unit: TestUnit;
  before(async () => {
    unit = await TestUnit.open();
  });
  after(() => unit.close());

  it('is served at the root, fresh each time', async () => {
    const reply = await unit.request('GET', '/');
    assert.equal(reply.status, 200);
    assert.match(String(reply.headers['content-type']), /^text\/html/);
    assert.ok(reply.text.includes('<title>MyKVM'));
    assert.equal(reply.headers['cache-control'], 'no-cache');
    const headers = { 'If-None-Match': String(reply.headers['etag']) };
    assert.equal((await unit.request('GET', '/', { headers })).status, 304);
    assert.equal((await unit.request('HEAD', '/')).status, 200);
  });

  it('lets browsers keep files with a hash in the name for good', async () => {
    const reply = await unit.request('GET', '/console-AB12CD34.js');
    assert.match(String(reply.headers['content-type']), /javascript/);
    assert.equal(reply.headers['cache-control'], 'public, max-age=31536000, immutable');
  });

  it('carries the security headers on pages, replies and errors', async () => {
    for (const path of ['/', '/api/status', '/nothing']) {
      const { headers } = await unit.request('GET', path);
      assert.deepEqual(String(headers['content-security-policy']).split(';').sort(), [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "img-src 'self' blob: data:",
        "manifest-src 'self'",
        "media-src 'self' blob: mediastream:",
        "script-src 'self'",
        "style-src 'self'",
        "worker-src 'self' blob:",
      ]);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
      assert.equal(headers['strict-transport-security'], undefined);
      assert.match(String(headers['permissions-policy']), /fullscreen=\(self\).*camera=\(\)/);
    }
  });

  it('is missed at the start, not by the first user', async () => {
    await assert.rejects(TestUnit.open({ pageDir: '/nonexistent' }), (error: Error) => {
      assert.ok(error instanceof StartError);
      assert.match(error.message, /page is missing in \/nonexistent/);
      return true;
    });
  });
});
