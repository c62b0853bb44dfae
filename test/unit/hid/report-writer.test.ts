import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { HidController } from '../../../server/hid/hid-controller.js';
import { MAX_QUEUED_TRANSITIONS, MAX_STALL_MS } from '../../../server/hid/report-writer.js';
import type { PointerUpdate } from '../../../server/session/input-sink.js';
import { VirtualClock } from '../session-input/model/virtual-clock.js';
import { ScriptPort } from './script-port.js';

const source = { id: 'viewer' };
const at = (x: number, wheel = 0): PointerUpdate => ({ mode: 'absolute', x, y: 0, wheel, pan: 0 });
const by = (dx: number, wheel = 0): PointerUpdate => ({
  mode: 'relative',
  dx,
  dy: 0,
  wheel,
  pan: 0,
});
const UP = 'keyboard 0000000000000000';
const A = 'keyboard 0000040000000000';

let port: ScriptPort;
let controller: HidController;
let clock: VirtualClock;

beforeEach(() => {
  clock = new VirtualClock();
  port = new ScriptPort();
  controller = new HidController(port, {
    after: (delayMs, callback) => clock.after(delayMs, callback),
  });
  controller.start();
  port.take();
});

function tap(times: number): void {
  for (let count = 0; count < times; count += 1) {
    controller.key(source, 4, true);
    controller.key(source, 4, false);
  }
}

test('transitions wait in order for a host that does not drain', () => {
  port.stop('again');
  tap(MAX_QUEUED_TRANSITIONS / 2);
  clock.advance(MAX_STALL_MS - 1);
  assert.deepEqual(port.take(), []);
  port.go('keyboard');
  const expected = Array.from({ length: MAX_QUEUED_TRANSITIONS }, (_, i) => (i % 2 ? UP : A));
  assert.deepEqual(port.take(), expected);
});

test('one report at a time goes out when the host takes one at a time', () => {
  port.stop('again');
  tap(1);
  port.go('keyboard', 1);
  assert.deepEqual(port.take(), [A]);
  port.go('keyboard', 1);
  assert.deepEqual(port.take(), [UP]);
});

test('a host that drains slowly loses nothing, however long it takes', () => {
  port.stop('again');
  tap(4);
  const written: string[] = [];
  for (let report = 0; report < 8; report += 1) {
    clock.advance(MAX_STALL_MS - 1);
    port.go('keyboard', 1);
    written.push(...port.take());
  }
  assert.deepEqual(written, [A, UP, A, UP, A, UP, A, UP]);
});

test('one transition too many collapses to the latest state, once', () => {
  port.stop('again');
  tap(MAX_QUEUED_TRANSITIONS / 2);
  controller.key(source, 5, true);
  port.go('keyboard');
  assert.deepEqual(port.take(), ['keyboard 0000050000000000']);
  port.go('keyboard');
  assert.deepEqual(port.take(), []);
});

test('what waited too long collapses to the latest state: the release arrives', () => {
  controller.key(source, 4, true);
  port.take();
  port.stop('again');
  controller.key(source, 4, false);
  tap(1);
  clock.advance(MAX_STALL_MS + 1);
  port.go('keyboard');
  assert.deepEqual(port.take(), [UP]);
});

test('a release while collapsed is not lost', () => {
  controller.key(source, 4, true);
  port.stop('again');
  tap(1);
  controller.key(source, 5, true);
  clock.advance(MAX_STALL_MS + 1);
  controller.key(source, 5, false);
  clock.advance(MAX_STALL_MS + 1);
  controller.releaseAll(source);
  port.take();
  port.go('keyboard');
  assert.deepEqual(port.take(), [UP]);
});

for (const state of ['detached', 'suspended', 'unbound', 'busy'] as const) {
  test(`nothing is written while ${state}; then each device says once what is held`, () => {
    controller.key(source, 4, true);
    controller.move(source, at(7));
    port.take();
    port.change(state);
    controller.key(source, 4, false);
    controller.key(source, 6, true);
    controller.move(source, at(8, 3));
    controller.move(source, by(50, 3));
    controller.move(source, at(9));
    assert.deepEqual(port.take(), []);
    port.change('configured');
    assert.deepEqual(port.take(), [
      'keyboard 0000060000000000',
      'absolute-mouse 00090000000000',
      'relative-mouse 0000000000',
      'consumer 010000',
      'consumer 0200',
    ]);
  });
}

test('a host that is gone without the state saying so gets the state when it is back', () => {
  port.stop('gone');
  controller.key(source, 4, true);
  tap(3);
  controller.key(source, 5, true);
  port.go('keyboard');
  assert.deepEqual(port.take(), ['keyboard 0000050000000000']);
});

test('absolute motion waits newest first between clicks; wheels add up', () => {
  port.stop('again');
  controller.move(source, at(1, 1));
  controller.move(source, at(2, 1));
  controller.move(source, at(3, 200));
  controller.button(source, 0, true, at(4));
  controller.move(source, at(5));
  controller.move(source, at(6, -1));
  controller.button(source, 0, false, at(6));
  port.go('absolute-mouse');
  assert.deepEqual(port.take(), [
    'absolute-mouse 00040000007f00',
    'absolute-mouse 01040000000000',
    'absolute-mouse 0106000000ff00',
    'absolute-mouse 00060000000000',
  ]);
});

test('relative motion that waits adds up, saturates, and is not replayed after the host was gone', () => {
  controller.move(source, by(1));
  port.take();
  port.stop('again');
  for (let count = 0; count < 100; count += 1) controller.move(source, by(1000));
  port.go('relative-mouse');
  const written = port.take();
  const sum = written.reduce((total, line) => total + Number.parseInt(line.slice(17, 19), 16), 0);
  assert.equal(written.length, 33);
  assert.equal(sum, 4096);

  port.stop('again');
  controller.move(source, by(1000));
  port.change('detached');
  port.room = Number.POSITIVE_INFINITY;
  port.change('configured');
  assert.ok(port.take().includes('relative-mouse 0000000000'));
});

test('a huge step from a hostile page is cut to what a hand can do', () => {
  controller.move(source, {
    mode: 'relative',
    dx: 2 ** 31 - 1,
    dy: -(2 ** 31),
    wheel: 1e6,
    pan: 0,
  });
  const written = port.take();
  assert.equal(written.length, 33);
  assert.ok(written[0]?.endsWith('7f00'));
});

test('a port that reports a change from within write does not confuse the queue', () => {
  port.stop('again');
  tap(1);
  controller.key(source, 5, true);
  const write = port.write.bind(port);
  let reset = false;
  port.write = (fn, report) => {
    const result = write(fn, report);
    if (result === 'written' && !reset) {
      reset = true;
      // The report made the host restart: it is back at once and does not drain yet.
      port.change('detached');
      port.stop('again');
      port.change('configured');
    }
    return result;
  };
  port.go('keyboard');
  assert.deepEqual(port.take(), [A]);
  port.go('keyboard');
  assert.deepEqual(port.take(), ['keyboard 0000050000000000']);
});
