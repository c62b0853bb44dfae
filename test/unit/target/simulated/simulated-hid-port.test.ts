import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedHidPort } from '../../../../server/target/simulated/simulated-hid-port.js';
import { keys, LETTER_A, RELEASED } from './pc-bench.js';

function createPort() {
  const posted: string[] = [];
  const heard: string[] = [];
  const port = new SimulatedHidPort((fn, report) => {
    posted.push(`${fn} ${Buffer.from(report).toString('hex')}`);
  });
  const listener = {
    writable: (fn: string) => void heard.push(`writable ${fn}`),
    ledReport: (bits: number) => void heard.push(`leds ${bits}`),
    stateChanged: (state: string) => void heard.push(`state ${state}`),
  };
  return { port, posted, heard, listener };
}

describe('SimulatedHidPort', () => {
  it('posts the very bytes', () => {
    const { port, posted } = createPort();
    port.setState('configured');
    assert.equal(port.write('keyboard', keys(2, LETTER_A)), 'written');
    assert.deepEqual(posted, ['keyboard 0200040000000000']);
  });

  it('holds two reports per function, then says again, then writable', () => {
    const { port, posted, heard, listener } = createPort();
    port.listen(listener);
    port.setState('configured');
    assert.equal(port.write('keyboard', RELEASED), 'written');
    assert.equal(port.write('keyboard', RELEASED), 'written');
    assert.equal(port.write('keyboard', RELEASED), 'again');
    assert.equal(port.write('absolute-mouse', new Uint8Array(7)), 'written');
    assert.equal(posted.length, 3);
    port.polled('keyboard');
    assert.deepEqual(heard, ['state configured', 'writable keyboard']);
    assert.equal(port.write('keyboard', RELEASED), 'written');
    port.polled('keyboard');
    port.polled('keyboard');
    assert.deepEqual(heard, ['state configured', 'writable keyboard'], 'nobody was refused');
  });

  it('says gone while detached, and writable once the bus is back', () => {
    const { port, posted, heard, listener } = createPort();
    port.listen(listener);
    assert.equal(port.write('keyboard', RELEASED), 'gone');
    assert.deepEqual(posted, []);
    port.setState('configured');
    assert.deepEqual(heard, ['state configured', 'writable keyboard']);
  });

  it('takes reports on a suspended bus, because they wake the PC', () => {
    const { port } = createPort();
    port.setState('suspended');
    assert.equal(port.write('keyboard', RELEASED), 'written');
  });

  it('keeps counting over a bus reset: what was in flight is still answered', () => {
    const { port, heard, listener } = createPort();
    port.listen(listener);
    port.setState('configured');
    port.write('keyboard', RELEASED);
    port.write('keyboard', RELEASED);
    port.write('keyboard', RELEASED);
    port.setState('detached');
    port.polled('keyboard');
    port.polled('keyboard');
    assert.deepEqual(heard, ['state configured', 'state detached']);
    port.setState('configured');
    assert.deepEqual(heard.slice(2), ['state configured', 'writable keyboard']);
  });

  it('delivers the last LED report to a listener that comes later', async () => {
    const { port, heard, listener } = createPort();
    port.ledReport(0);
    port.ledReport(3);
    port.listen(listener);
    await Promise.resolve();
    assert.deepEqual(heard, ['leds 3']);
  });
});
