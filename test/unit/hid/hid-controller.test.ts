import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { HidController } from '../../../server/hid/hid-controller.js';
import type { PointerUpdate } from '../../../server/session/input-sink.js';
import { ScriptPort } from './script-port.js';

const first = { id: 'first' };
const second = { id: 'second' };
const at = (x: number, y: number): PointerUpdate => ({ mode: 'absolute', x, y, wheel: 0, pan: 0 });
const by = (dx: number, dy: number): PointerUpdate => ({
  mode: 'relative',
  dx,
  dy,
  wheel: 0,
  pan: 0,
});

let port: ScriptPort;
let controller: HidController;
let changes: number;

beforeEach(() => {
  port = new ScriptPort();
  changes = 0;
  controller = new HidController(port, {
    onChange: () => {
      changes += 1;
    },
  });
  controller.start();
  port.take();
});

test('a host is told the present state at the start, so that nothing of an earlier run stays down', () => {
  const fresh = new ScriptPort();
  new HidController(fresh).start();
  assert.deepEqual(fresh.take(), [
    'keyboard 0000000000000000',
    'absolute-mouse 00004000400000',
    'relative-mouse 0000000000',
    'consumer 010000',
    'consumer 0200',
  ]);
});

test('keys and both kinds of modifiers make boot reports', () => {
  controller.key(first, 0xe1, true);
  controller.key(first, 0xe6, true);
  controller.key(first, 0x04, true);
  controller.key(first, 0xe1, false);
  controller.key(first, 0x04, false);
  controller.key(first, 0xe6, false);
  assert.deepEqual(port.take(), [
    'keyboard 0200000000000000',
    'keyboard 4200000000000000',
    'keyboard 4200040000000000',
    'keyboard 4000040000000000',
    'keyboard 4000000000000000',
    'keyboard 0000000000000000',
  ]);
});

test('more than six keys roll over with true modifiers, and come back when six are left', () => {
  for (let usage = 4; usage <= 9; usage += 1) controller.key(first, usage, true);
  assert.equal(port.take().at(-1), 'keyboard 0000040506070809');
  controller.key(first, 0xe0, true);
  controller.key(first, 10, true);
  controller.key(first, 0xe0, false);
  controller.key(first, 11, true);
  controller.key(first, 4, false);
  controller.key(first, 5, false);
  assert.deepEqual(port.take(), [
    'keyboard 0100040506070809',
    'keyboard 0100010101010101',
    'keyboard 0000010101010101',
    'keyboard 0000010101010101',
    'keyboard 0000010101010101',
    'keyboard 0000060708090a0b',
  ]);
});

test('a key that two sources hold goes up with the last of them', () => {
  controller.key(first, 4, true);
  controller.key(second, 4, true);
  controller.key(second, 5, true);
  controller.button(second, 0, true, at(1, 2));
  port.take();
  controller.releaseAll(second);
  assert.deepEqual(port.take(), ['keyboard 0000040000000000', 'absolute-mouse 00010002000000']);
  controller.key(second, 4, false);
  assert.deepEqual(port.take(), []);
  controller.releaseAll(first);
  assert.deepEqual(port.take(), ['keyboard 0000000000000000']);
});

test('the pointer is at its place before the button goes down', () => {
  controller.button(first, 0, true, at(0x1234, 0x7fff));
  controller.button(first, 1, true, at(0x1234, 0x7fff));
  controller.move(first, { mode: 'absolute', x: 5, y: 6, wheel: -1, pan: 2 });
  controller.button(first, 0, false, at(5, 6));
  assert.deepEqual(port.take(), [
    'absolute-mouse 003412ff7f0000',
    'absolute-mouse 013412ff7f0000',
    'absolute-mouse 033412ff7f0000',
    'absolute-mouse 0305000600ff02',
    'absolute-mouse 02050006000000',
  ]);
});

test('relative motion larger than a report goes out in several, straight and complete', () => {
  controller.move(first, { mode: 'relative', dx: 300, dy: -150, wheel: 1, pan: -1 });
  assert.deepEqual(port.take(), [
    'relative-mouse 0064ce01ff',
    'relative-mouse 0064ce0000',
    'relative-mouse 0064ce0000',
  ]);
});

test('a button held when the mode changes moves to the other mouse', () => {
  controller.button(first, 2, true, at(9, 9));
  port.take();
  controller.move(first, by(1, 0));
  assert.deepEqual(port.take(), [
    'absolute-mouse 00090009000000',
    'relative-mouse 0400000000',
    'relative-mouse 0401000000',
  ]);
  controller.move(first, at(8, 8));
  assert.deepEqual(port.take(), [
    'relative-mouse 0000000000',
    'absolute-mouse 04090009000000',
    'absolute-mouse 04080008000000',
  ]);
  controller.button(first, 2, false, at(8, 8));
  assert.deepEqual(port.take(), ['absolute-mouse 00080008000000']);
});

test('media and power keys have reports of their own; the last one pressed shows', () => {
  controller.key(first, 0x10e9, true);
  controller.key(first, 0x1183, true);
  controller.key(first, 0x1183, false);
  controller.key(first, 0x2082, true);
  controller.releaseAll(first);
  assert.deepEqual(port.take(), [
    'consumer 01e900',
    'consumer 018301',
    'consumer 01e900',
    'consumer 0202',
    'consumer 010000',
    'consumer 0200',
  ]);
});

test('media keys of a gadget without consumer control are dropped and counted', () => {
  port.functions = ['keyboard', 'absolute-mouse'];
  controller.key(first, 0x10e9, true);
  controller.key(first, 0x10e9, false);
  controller.move(first, by(5, 5));
  assert.equal(controller.droppedUsages, 1);
  assert.deepEqual(port.take(), []);
});

test('a media key that is released while the gadget has no consumer control is not held when it has one again', () => {
  controller.key(first, 0x10e9, true);
  port.change('unbound');
  port.functions = ['keyboard'];
  port.change('configured');
  controller.key(first, 0x10e9, false);
  port.change('unbound');
  port.functions = ['keyboard', 'consumer'];
  port.take();
  port.change('configured');
  assert.deepEqual(port.take().slice(-2), ['consumer 010000', 'consumer 0200']);
});

test('the lock lamps come from the host and are unknown again when it leaves', () => {
  assert.equal(controller.leds, null);
  port.listener?.ledReport(0x02);
  port.listener?.ledReport(0x02);
  assert.deepEqual(controller.leds, { numLock: false, capsLock: true, scrollLock: false });
  assert.equal(changes, 1);
  port.change('suspended');
  assert.notEqual(controller.leds, null);
  port.change('detached');
  assert.equal(controller.leds, null);
  assert.equal(controller.state, 'detached');
});

test('a press wakes a suspended host, a release and motion do not', () => {
  port.change('suspended');
  controller.move(first, at(1, 1));
  controller.releaseAll(first);
  assert.equal(port.wakes, 0);
  controller.key(first, 4, true);
  assert.equal(port.wakes, 1);
  controller.button(first, 0, true, at(1, 1));
  assert.equal(port.wakes, 2);
  assert.deepEqual(port.take(), []);
});

test('without another way the report of a press wakes the host, which gets the state when it is awake', () => {
  const plain = new ScriptPort({ wakes: false });
  const sleeper = new HidController(plain);
  sleeper.start();
  plain.change('suspended');
  plain.take();
  sleeper.move(first, at(1, 1));
  sleeper.key(first, 4, true);
  sleeper.key(first, 4, false);
  sleeper.button(first, 0, true, at(1, 1));
  assert.deepEqual(plain.take(), ['keyboard 0000040000000000', 'absolute-mouse 01010001000000']);
  plain.change('configured');
  assert.deepEqual(plain.take().slice(0, 2), [
    'keyboard 0000000000000000',
    'absolute-mouse 01010001000000',
  ]);
});

test('close releases what every source holds', () => {
  controller.key(first, 4, true);
  controller.key(second, 0xe0, true);
  controller.button(second, 0, true, at(1, 1));
  port.take();
  controller.close();
  controller.close();
  assert.deepEqual(port.take(), [
    'keyboard 0100000000000000',
    'keyboard 0000000000000000',
    'absolute-mouse 00010001000000',
  ]);
});
