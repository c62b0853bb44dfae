import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { FakeBoard } from '../../unit/doctor/fake-board.js';
import { freePort } from './free-port.js';
import { TestUnit } from './test-unit.js';

describe('the doctor looks at the port', () => {
  let board: FakeBoard;
  before(() => {
    board = new FakeBoard();
  });
  after(() => board.close());

  async function find(port: number, address = '127.0.0.1') {
    board.config = board.flags('--port', String(port), '--listen', address);
    return await board.find('port');
  }

  it('that is free', async () => {
    const port = await freePort();
    assert.deepEqual(await find(port), {
      verdict: 'pass',
      reason: `${port} of 127.0.0.1 is free.`,
    });
    // And leaves it free.
    assert.equal((await find(port)).verdict, 'pass');
  });

  it('on which MyKVM itself listens', async () => {
    const unit = await TestUnit.open();
    const { verdict, reason } = await find(unit.server.port);
    await unit.close();
    assert.equal(verdict, 'pass', reason);
    assert.match(reason, /^MyKVM serves \d+/);
  });

  it('that another program has', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {}).resume();
      socket.end('HTTP/1.1 200 OK\r\n\r\n');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const { verdict, reason, advice } = await find(address.port);
    await new Promise((done) => server.close(done));
    assert.equal(verdict, 'fail');
    assert.match(reason, /^Another program already listens on port \d+ of 127\.0\.0\.1/);
    assert.match(advice ?? '', /--port/);
  });

  it('of an address that this machine does not have', async () => {
    const { verdict, reason } = await find(await freePort(), '192.0.2.1');
    assert.equal(verdict, 'fail');
    assert.match(reason, /does not have the address 192\.0\.2\.1/);
  });
});
