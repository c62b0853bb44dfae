import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { VirtualClock } from '../session-input/model/virtual-clock.js';
import { SenderBench } from './sent-messages.js';

const EPOCH = 7;
const NEXT = 9;
let clock: VirtualClock;
let bench: SenderBench;

beforeEach(() => {
  clock = new VirtualClock();
  bench = new SenderBench(clock);
  bench.sender.beginEpoch(EPOCH);
  bench.ack(EPOCH, 0);
  bench.take();
});

/** Presses A to D; the appliance has acknowledged A and B. */
function type(): void {
  for (const usage of [4, 5, 6, 7]) bench.sender.key(usage, true);
  bench.ack(EPOCH, 2);
  bench.take();
}

test('what was not acknowledged goes out again on both lanes, in the new epoch under its old numbers', () => {
  type();
  assert.equal(bench.sender.continueEpoch(NEXT, EPOCH), true);
  const sent = bench.take();
  assert.deepEqual(
    sent.map(({ message }) => message.epoch),
    [NEXT, NEXT],
  );
  assert.deepEqual(
    sent.map(({ lane, message }) => [
      lane,
      message.type === 'transitions' ? message.firstSequence : 0,
      message.type === 'transitions' ? message.transitions.length : 0,
    ]),
    [
      ['reliable', 3, 2],
      ['fast', 3, 2],
    ],
  );
  assert.deepEqual([...bench.sender.heldUsages], [4, 5, 6, 7]);
  bench.sender.key(8, true);
  assert.deepEqual(bench.words(), ['reliable 5+1 holding 4,5,6,7,8', 'fast 3+3 holding 4,5,6,7,8']);
});

test('what was pressed while no carrier was open goes out on the next one', () => {
  bench.open.clear();
  bench.sender.key(4, true);
  bench.sender.key(4, false);
  clock.advance(1000);
  assert.deepEqual(bench.take(), []);
  bench.open.add('reliable').add('fast');
  bench.sender.continueEpoch(NEXT, EPOCH);
  assert.deepEqual(bench.words(), ['reliable 1+2 holding ', 'fast 1+2 holding ']);
  clock.advance(60);
  assert.deepEqual(bench.words(), ['fast 1+2 holding ', 'fast 1+2 holding ']);
});

test('where all is acknowledged the state is said, so that both sides agree', () => {
  type();
  bench.ack(EPOCH, 4);
  bench.sender.continueEpoch(NEXT, EPOCH);
  assert.deepEqual(bench.words(), ['reliable 5+0 holding 4,5,6,7']);
});

test('the last move of the pointer goes along', () => {
  bench.sender.moveTo(100, 200);
  bench.take();
  bench.sender.continueEpoch(NEXT, EPOCH);
  assert.deepEqual(bench.words(), ['reliable 1+0 holding ', 'reliable motion 1 after 0']);
  bench.ack(NEXT, 0, 1);
  bench.sender.continueEpoch(NEXT + 1, NEXT);
  assert.deepEqual(bench.words(), ['reliable 1+0 holding ']);
});

test('acknowledgements of the old epoch say nothing any more', () => {
  type();
  bench.sender.continueEpoch(NEXT, EPOCH);
  bench.take();
  bench.ack(EPOCH, 4);
  clock.advance(20);
  assert.deepEqual(bench.words(), ['fast 3+2 holding 4,5,6,7']);
  bench.ack(NEXT, 4);
  clock.advance(1000);
  assert.deepEqual(bench.take(), []);
});

test('a page in another epoch, or in none, does not go on', () => {
  type();
  assert.equal(bench.sender.continueEpoch(NEXT, EPOCH + 1), false);
  assert.equal(bench.sender.epoch, EPOCH);
  bench.sender.beginEpoch(0);
  assert.equal(bench.sender.continueEpoch(NEXT, 0), false);
  assert.equal(bench.sender.epoch, 0);
  assert.deepEqual(bench.take(), []);
});
