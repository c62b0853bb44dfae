import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { goldenBytes } from '../protocol/golden-messages.js';
import { VirtualClock } from '../session-input/model/virtual-clock.js';
import { SenderBench } from './sent-messages.js';

const EPOCH = 7;
let clock: VirtualClock;
let bench: SenderBench;

beforeEach(() => {
  clock = new VirtualClock();
  bench = new SenderBench(clock);
});

function begin(): void {
  bench.sender.beginEpoch(EPOCH);
  bench.ack(EPOCH, 0);
  bench.take();
}

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

test('what the page sends are the golden bytes', () => {
  const { sender } = bench;
  sender.beginEpoch(EPOCH);
  assert.equal(hex(bench.take()[0]?.bytes), hex(goldenBytes('state of a new epoch, nothing held')));
  bench.ack(EPOCH, 0);
  sender.key(4, true);
  assert.equal(hex(bench.take()[0]?.bytes), hex(goldenBytes('press of A')));
  sender.key(4, false);
  assert.equal(hex(bench.take()[0]?.bytes), hex(goldenBytes('release of A')));
  bench.ack(EPOCH, 2);
  sender.moveTo(16384, 32767);
  bench.take();
  sender.button(0, true);
  const click = bench.take()[0]?.bytes;
  assert.equal(hex(click), hex(goldenBytes('left button down at the place of motion 1')));
  bench.ack(EPOCH, 3);
  clock.advance(8);
  sender.moveTo(100, 200);
  assert.equal(hex(bench.take()[0]?.bytes), hex(goldenBytes('absolute motion')));
});

test('without control nothing is sent and nothing is held', () => {
  const { sender } = bench;
  sender.key(4, true);
  sender.button(0, true);
  sender.moveTo(1, 2);
  sender.scroll(1, 0);
  sender.releaseAll();
  clock.advance(1000);
  assert.deepEqual(bench.take(), []);
  begin();
  sender.key(4, true);
  sender.beginEpoch(0);
  bench.take();
  clock.advance(1000);
  assert.deepEqual(bench.take(), []);
  sender.beginEpoch(EPOCH + 1);
  assert.deepEqual(bench.words(), ['reliable 1+0 holding ', 'fast 1+0 holding ']);
});

test('a transition goes out at once on both lanes, and again at 20 and 60 ms on the fast one', () => {
  begin();
  bench.sender.key(4, true);
  assert.deepEqual(bench.words(), ['reliable 1+1 holding 4', 'fast 1+1 holding 4']);
  clock.advance(19);
  assert.deepEqual(bench.words(), []);
  clock.advance(1);
  assert.deepEqual(bench.words(), ['fast 1+1 holding 4']);
  clock.advance(40);
  assert.deepEqual(bench.words(), ['fast 1+1 holding 4']);
  clock.advance(1000);
  assert.deepEqual(bench.words(), []);
});

test('the reliable lane gets each transition once, the fast lane all that are not acknowledged', () => {
  begin();
  bench.sender.key(4, true);
  bench.sender.key(4, false);
  bench.take();
  bench.sender.key(5, true);
  assert.deepEqual(bench.words(), ['reliable 3+1 holding 5', 'fast 1+3 holding 5']);
  bench.ack(EPOCH, 2);
  clock.advance(20);
  assert.deepEqual(bench.words(), ['fast 3+1 holding 5']);
  bench.ack(EPOCH, 3);
  clock.advance(1000);
  assert.deepEqual(bench.words(), []);
});

test('acknowledgements of another epoch or of the future change nothing', () => {
  begin();
  bench.sender.key(4, true);
  bench.take();
  bench.ack(EPOCH - 1, 1);
  bench.ack(EPOCH, 5);
  bench.sender.receive(Uint8Array.of(0x81, 1));
  clock.advance(20);
  assert.deepEqual(bench.words(), ['fast 1+1 holding 4']);
});

test('a fast message stays below 1000 bytes, oldest first, and says what was held after its last', () => {
  begin();
  for (let count = 0; count < 200; count += 1) {
    bench.sender.key(4, true);
    bench.sender.key(4, false);
  }
  bench.sender.key(5, true);
  const fast = bench.take().filter(({ lane }) => lane === 'fast');
  const last = fast.at(-1);
  assert.ok(fast.every(({ bytes }) => bytes.length <= 1000));
  assert.ok(last?.message.type === 'transitions');
  assert.equal(last.message.firstSequence, 1);
  assert.equal(last.message.transitions.length, 255);
  assert.deepEqual(last.message.heldUsages, [4]);
});

test('with many keys held fewer transitions fit', () => {
  begin();
  for (let usage = 4; usage < 131; usage += 1) bench.sender.key(usage, true);
  for (let count = 0; count < 100; count += 1) {
    bench.sender.key(0xe0, true);
    bench.sender.key(0xe0, false);
  }
  const last = bench.take().findLast(({ lane }) => lane === 'fast');
  assert.ok(last?.message.type === 'transitions');
  assert.ok(last.bytes.length <= 1000);
  assert.ok(last.message.transitions.length < 255);
  assert.ok(last.message.heldUsages.length >= 127);
});

test('a closed reliable lane is caught up when it opens', () => {
  begin();
  bench.open.delete('reliable');
  bench.sender.key(4, true);
  bench.open.add('reliable');
  bench.take();
  bench.sender.key(4, false);
  assert.deepEqual(bench.words(), ['reliable 1+2 holding ', 'fast 1+2 holding ']);
});

test('a new epoch starts with the state: sequences at 1, old transitions dropped, held keys kept', () => {
  begin();
  bench.sender.key(0xe1, true);
  bench.sender.moveTo(5, 6);
  bench.take();
  bench.sender.beginEpoch(8);
  assert.deepEqual(bench.words(), ['reliable 1+0 holding 225', 'fast 1+0 holding 225']);
  clock.advance(20);
  assert.deepEqual(bench.words(), ['fast 1+0 holding 225']);
  bench.ack(8, 0);
  clock.advance(1000);
  assert.deepEqual(bench.words(), []);
  bench.sender.key(0xe1, false);
  assert.deepEqual(bench.words(), ['reliable 1+1 holding ', 'fast 1+1 holding ']);
});

test('the same epoch told twice does not start anew', () => {
  begin();
  bench.sender.key(4, true);
  bench.take();
  bench.sender.beginEpoch(EPOCH);
  assert.deepEqual(bench.words(), []);
});

test('motion goes out at most each 8 ms, the last one on the tick and once more at rest', () => {
  begin();
  bench.sender.moveTo(1, 1);
  bench.sender.moveTo(2, 2);
  bench.sender.moveTo(3, 3);
  assert.deepEqual(bench.words(), ['fast motion 1 after 0']);
  clock.advance(8);
  assert.deepEqual(bench.words(), ['fast motion 3 after 0']);
  clock.advance(41);
  assert.deepEqual(bench.words(), []);
  clock.advance(1);
  assert.deepEqual(bench.words(), ['reliable motion 3 after 0']);
  clock.advance(1000);
  assert.deepEqual(bench.words(), []);
});

test('a place that went out with a click is not repeated', () => {
  begin();
  bench.sender.moveTo(1, 1);
  bench.sender.moveTo(2, 2);
  bench.sender.button(0, true);
  bench.ack(EPOCH, 1);
  bench.take();
  clock.advance(1000);
  assert.deepEqual(bench.words(), []);
});

test('relative motion and wheels are counters since the epoch began', () => {
  begin();
  bench.sender.moveBy(5, -5);
  bench.sender.moveBy(-2, 1);
  bench.sender.scroll(-3, 1);
  clock.advance(8);
  const { message } = bench.take().at(-1) ?? {};
  assert.ok(message?.type === 'motion');
  const { mode, relX, relY, wheel, pan } = message.pointer;
  assert.deepEqual(
    { mode, relX, relY, wheel, pan },
    { mode: 'relative', relX: 3, relY: -4, wheel: -3, pan: 1 },
  );
});

test('motion before a key goes in front of it', () => {
  begin();
  bench.sender.key(0xe0, true);
  bench.sender.scroll(1, 0);
  bench.take();
  bench.sender.key(0xe0, false);
  const { message } = bench.take()[0] ?? {};
  assert.ok(message?.type === 'transitions');
  assert.deepEqual(
    message.transitions.map(({ kind }) => kind),
    ['pointer', 'key'],
  );
});

test('motion brings transitions along that may be lost', () => {
  begin();
  bench.sender.button(0, true);
  bench.take();
  bench.sender.moveTo(4, 4);
  assert.deepEqual(bench.words(), ['fast 1+1 holding ', 'fast motion 1 after 1']);
});

test('releaseAll is one message with a release for each key and button', () => {
  begin();
  bench.sender.key(4, true);
  bench.sender.key(0xe1, true);
  bench.sender.button(2, true);
  bench.ack(EPOCH, 3);
  bench.take();
  bench.sender.releaseAll();
  bench.sender.releaseAll();
  assert.deepEqual(bench.words(), ['reliable 4+3 holding ', 'fast 4+3 holding ']);
  assert.equal(bench.sender.heldUsages.size, 0);
  assert.equal(bench.sender.heldButtons, 0);
});

test('a chord presses in order, releases in reverse and leaves held keys alone', () => {
  begin();
  bench.sender.key(0xe0, true);
  bench.take();
  bench.sender.chord(['ControlLeft', 'AltLeft', 'NoSuchKey', 'Delete']);
  const { message } = bench.take()[0] ?? {};
  assert.ok(message?.type === 'transitions');
  assert.deepEqual(message.transitions, [
    { kind: 'key', usage: 0xe2, down: true },
    { kind: 'key', usage: 0x4c, down: true },
    { kind: 'key', usage: 0x4c, down: false },
    { kind: 'key', usage: 0xe2, down: false },
  ]);
  assert.deepEqual(message.heldUsages, [0xe0]);
});
