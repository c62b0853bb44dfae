import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { ByteWriter } from '../../../server/protocol/byte-writer.js';
import {
  decodeAck,
  encodeMotion,
  encodePong,
  encodeTransitions,
} from '../../../server/protocol/input-codec.js';
import type { InputTransition, PointerBlock } from '../../../server/protocol/input-messages.js';
import type { Lane } from '../../../server/session/carrier.js';
import { InputReceiver } from '../../../server/session/input-receiver.js';
import { goldenBytes } from '../protocol/golden-messages.js';
import { RecordingSink } from './model/recording-sink.js';

const EPOCH = 7;
const source = { id: 'viewer' };

let calls: string[];
let errors: string[];
let receiver: InputReceiver;
let acks: string[];

beforeEach(() => {
  calls = [];
  errors = [];
  acks = [];
  const sink = new RecordingSink({
    key: (_source, usage, down) => calls.push(`${usage} ${down ? 'down' : 'up'}`),
    button: (_source, button, down, pointer) =>
      calls.push(`button ${button} ${down ? 'down' : 'up'} ${JSON.stringify(pointer)}`),
    move: (_source, pointer) => calls.push(`move ${JSON.stringify(pointer)}`),
    releaseAll: (released) => calls.push(`release ${released.id}`),
  });
  receiver = new InputReceiver(source, sink, { onProtocolError: (reason) => errors.push(reason) });
  receiver.beginEpoch(EPOCH);
});

function receive(bytes: Uint8Array, lane: Lane = 'fast'): string[] {
  calls = [];
  receiver.receive(bytes, lane, (reply, on) => {
    const ack = decodeAck(reply);
    acks.push(`${on} ${ack?.epoch} ${ack?.sequence} ${ack?.motionSequence}`);
  });
  return calls;
}

function transitions(
  firstSequence: number,
  list: InputTransition[],
  heldUsages: number[] = [],
  heldButtons = 0,
  epoch = EPOCH,
): Uint8Array {
  const writer = new ByteWriter(1000);
  const type = 'transitions' as const;
  encodeTransitions(
    { type, epoch, firstSequence, transitions: list, heldUsages, heldButtons },
    writer,
  );
  return writer.finish();
}

function motion(afterSequence: number, pointer: PointerBlock): Uint8Array {
  const writer = new ByteWriter(1000);
  encodeMotion({ type: 'motion', epoch: EPOCH, afterSequence, pointer }, writer);
  return writer.finish();
}

const key = (usage: number, down: boolean): InputTransition => ({ kind: 'key', usage, down });
const UNTOUCHED = { motionSequence: 1, x: 0, y: 0, relX: 0, relY: 0, wheel: 0, pan: 0 };
const absolute = (motionSequence: number, x: number, wheel = 0): PointerBlock => ({
  ...UNTOUCHED,
  mode: 'absolute',
  motionSequence,
  x,
  wheel,
});
const relative = (motionSequence: number, relX: number): PointerBlock => ({
  ...UNTOUCHED,
  mode: 'relative',
  motionSequence,
  relX,
});

test('golden messages reach the sink and are acknowledged on their lane', () => {
  receive(goldenBytes('state of a new epoch, nothing held'), 'reliable');
  assert.deepEqual(receive(goldenBytes('press of A')), ['4 down']);
  assert.deepEqual(receive(goldenBytes('release of A'), 'reliable'), ['4 up']);
  assert.deepEqual(receive(goldenBytes('left button down at the place of motion 1')), [
    'button 0 down {"mode":"absolute","x":16384,"y":32767,"wheel":0,"pan":0}',
  ]);
  assert.deepEqual(receive(goldenBytes('absolute motion')), [
    'move {"mode":"absolute","x":100,"y":200,"wheel":0,"pan":0}',
  ]);
  assert.deepEqual(acks, ['reliable 7 0 0', 'fast 7 1 0', 'reliable 7 2 0', 'fast 7 3 1']);
});

test('a duplicate is acknowledged again and not applied again', () => {
  const press = transitions(1, [key(4, true)], [4]);
  assert.deepEqual(receive(press), ['4 down']);
  assert.deepEqual(receive(press), []);
  assert.deepEqual(acks, ['fast 7 1 0', 'fast 7 1 0']);
});

test('a message that overlaps what is applied adds the rest', () => {
  receive(transitions(1, [key(4, true)], [4]));
  assert.deepEqual(receive(transitions(1, [key(4, true), key(4, false), key(5, true)], [5])), [
    '4 up',
    '5 down',
  ]);
});

test('a gap is not applied; the message that fills it brings all', () => {
  assert.deepEqual(receive(transitions(3, [key(5, true)], [5])), []);
  assert.deepEqual(acks, ['fast 7 0 0']);
  const all = [key(4, true), key(4, false), key(5, true)];
  assert.deepEqual(receive(transitions(1, all, [5])), ['4 down', '4 up', '5 down']);
});

test('an old message does not bring back what was held then', () => {
  receive(transitions(1, [key(4, true)], [4]));
  receive(transitions(2, [key(4, false)]));
  assert.deepEqual(receive(transitions(1, [key(4, true)], [4])), []);
});

test('what is held becomes what the page says is held', () => {
  receive(transitions(1, [key(4, true), key(5, true)], [4, 5]));
  assert.deepEqual(receive(transitions(3, [], [5, 6], 1)), [
    '4 up',
    '6 down',
    'button 0 down {"mode":"relative","dx":0,"dy":0,"wheel":0,"pan":0}',
  ]);
});

test('another epoch is ignored and not answered', () => {
  assert.deepEqual(receive(transitions(1, [key(4, true)], [4], 0, EPOCH - 1)), []);
  assert.deepEqual(receive(transitions(1, [key(4, true)], [4], 0, 0)), []);
  assert.deepEqual(acks, []);
  assert.deepEqual(errors, []);
});

test('a new epoch keeps what is held until the page says what it holds', () => {
  receive(transitions(1, [key(4, true), key(5, true)], [4, 5]));
  calls = [];
  receiver.beginEpoch(8);
  assert.deepEqual(calls, []);
  assert.deepEqual(receive(transitions(1, [], [5], 0, 8)), ['4 up']);
  assert.deepEqual(receive(transitions(1, [key(6, true)], [5, 6], 0, 8)), ['6 down']);
});

test('the end and epoch 0 release everything and take nothing more', () => {
  for (const stop of [() => receiver.end(), () => receiver.beginEpoch(0)]) {
    receiver.beginEpoch(EPOCH);
    receive(transitions(1, [key(4, true)], [4]));
    calls = [];
    stop();
    assert.deepEqual(calls, ['release viewer']);
    assert.deepEqual(receive(transitions(2, [key(5, true)], [5])), []);
  }
});

test('old motion is ignored; counters become differences that no loss falsifies', () => {
  assert.equal(receive(motion(0, relative(1, 10))).length, 1);
  assert.deepEqual(receive(motion(0, relative(3, -30))), [
    'move {"mode":"relative","dx":-40,"dy":0,"wheel":0,"pan":0}',
  ]);
  assert.deepEqual(receive(motion(0, relative(2, 500))), []);
});

test('counters wrap at 32 bits', () => {
  receive(motion(0, relative(1, 2 ** 31 - 1)));
  assert.deepEqual(receive(motion(0, relative(2, -(2 ** 31)))), [
    'move {"mode":"relative","dx":1,"dy":0,"wheel":0,"pan":0}',
  ]);
});

test('motion that overtook a click waits for it: the click is at its own place', () => {
  assert.deepEqual(receive(motion(1, absolute(5, 500, 2))), []);
  assert.deepEqual(receive(motion(1, absolute(4, 400))), []);
  const click: InputTransition = {
    kind: 'button',
    button: 0,
    down: true,
    pointer: absolute(3, 300, 1),
  };
  assert.deepEqual(receive(transitions(1, [click], [], 1)), [
    'button 0 down {"mode":"absolute","x":300,"y":0,"wheel":1,"pan":0}',
    'move {"mode":"absolute","x":500,"y":0,"wheel":1,"pan":0}',
  ]);
});

test('motion on the reliable lane is acknowledged, the stream on the fast lane is not', () => {
  receive(motion(0, absolute(1, 1)));
  assert.deepEqual(acks, []);
  receive(motion(0, absolute(2, 2)), 'reliable');
  assert.deepEqual(acks, ['reliable 7 0 2']);
});

test('what is no input is a protocol error of its sender, and nothing of it is applied', () => {
  const wrong = [
    new Uint8Array(),
    Uint8Array.of(0x55),
    encodePong(1),
    transitions(1, [key(4, true)], [4]).slice(0, -1),
    transitions(1, [key(4, true), key(1, true)], [4]),
  ];
  for (const bytes of wrong) assert.deepEqual(receive(bytes), []);
  assert.deepEqual(errors, ['unknown-type', 'unknown-type', 'unknown-type', 'length', 'range']);
});
