import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Logger, silentLogger } from '../../../server/logger.js';
import { TestUnit } from './test-unit.js';

describe('error replies', () => {
  it('keep what went wrong inside to the log', async () => {
    const logged: object[] = [];
    const logger: Logger = { ...silentLogger, error: (context) => logged.push(context) };
    const unit = await TestUnit.open({ logger });
    try {
      await unit.claim();
      unit.sessions.create = () => {
        throw new TypeError('a detail of the inside');
      };
      const reply = await unit.request('POST', '/api/session', { headers: await unit.bearer() });
      assert.equal(reply.status, 500);
      assert.deepEqual(reply.json, {
        error: 'internal',
        message: 'Something went wrong inside the appliance.',
      });
      assert.equal(logged.length, 1);
      const [{ err, route }] = logged as [{ err: Error; route: string }];
      assert.equal(err.message, 'a detail of the inside');
      assert.equal(route, '/api/session');
    } finally {
      await unit.close();
    }
  });

  it('tell when all places are taken, and when there is one again', async () => {
    const unit = await TestUnit.open();
    try {
      await unit.claim();
      const headers = await unit.bearer();
      const make = () => unit.request('POST', '/api/session', { headers });
      const first = await make();
      assert.equal(first.status, 201);
      await make();
      const refused = await make();
      assert.equal(refused.status, 503);
      assert.equal(refused.json.error, 'too-many-viewers');
      const ended = await unit.request('DELETE', `/api/session/${first.json.session}`, { headers });
      assert.equal(ended.status, 204);
      assert.equal((await make()).status, 201);
    } finally {
      await unit.close();
    }
  });
});
