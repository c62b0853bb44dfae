import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../../server/protocol/byte-writer.js';
import {
  decodeAck,
  decodeEchoReply,
  decodeEchoRequest,
  decodeInput,
  decodePing,
  decodePong,
  encodeAck,
  encodeEchoReply,
  encodeEchoRequest,
  encodeMotion,
  encodePing,
  encodePong,
  encodeTransitions,
} from '../../../server/protocol/input-codec.js';
import { INPUT_MESSAGE, type PointerBlock } from '../../../server/protocol/input-messages.js';
import { isKeyUsage } from '../../../server/protocol/key-usage.js';
import { LIMITS } from '../../../server/protocol/limits.js';
import { PROTOCOL_VERSION } from '../../../server/protocol/version.js';
import { type GoldenMessage, golden, goldenBytes } from './golden-messages.js';

function encode(message: GoldenMessage): Uint8Array {
  const writer = new ByteWriter(LIMITS.maxMessageBytes);
  switch (message.type) {
    case 'transitions':
      encodeTransitions(message, writer);
      return writer.finish();
    case 'motion':
      encodeMotion(message, writer);
      return writer.finish();
    case 'pong':
      return encodePong(message.id);
    case 'echo-request':
      return encodeEchoRequest(message.id);
    case 'ack':
      return encodeAck(message);
    case 'ping':
      return encodePing(message.id, message.applianceTimeUs);
    case 'echo-reply':
      return encodeEchoReply(message.id, message.applianceTimeUs);
  }
}

function decode(bytes: Uint8Array): unknown {
  switch (bytes[0]) {
    case INPUT_MESSAGE.pong:
      return { type: 'pong', id: decodePong(bytes) };
    case INPUT_MESSAGE.echoRequest:
      return { type: 'echo-request', id: decodeEchoRequest(bytes) };
    case INPUT_MESSAGE.ack:
      return { type: 'ack', ...decodeAck(bytes) };
    case INPUT_MESSAGE.ping:
      return { type: 'ping', ...decodePing(bytes) };
    case INPUT_MESSAGE.echoReply:
      return { type: 'echo-reply', ...decodeEchoReply(bytes) };
    default:
      return decodeInput(bytes);
  }
}

test('the golden messages are of this version', () => {
  assert.equal(golden.version, PROTOCOL_VERSION);
  assert.deepEqual(
    new Set(golden.cases.map(({ hex }) => Number.parseInt(hex.slice(0, 2), 16))),
    new Set<number>(Object.values(INPUT_MESSAGE)),
  );
});

for (const { name, message, hex } of golden.cases) {
  test(`golden bytes: ${name}`, () => {
    assert.equal(Buffer.from(encode(message)).toString('hex'), hex);
    assert.deepEqual(decode(Uint8Array.from(Buffer.from(hex, 'hex'))), message);
  });
}

test('any bytes up to 4 kB are decoded or refused, never thrown at', () => {
  const decoders = [decodeInput, decodePong, decodeEchoRequest, decodeAck, decodePing];
  const bytes = fc.uint8Array({ maxLength: LIMITS.maxMessageBytes, size: 'max' });
  const first = fc.constantFrom(...Object.values(INPUT_MESSAGE), 0, 0x90, 0xff);
  fc.assert(
    fc.property(first, bytes, (type, hostile) => {
      if (hostile.length > 0) hostile[0] = type;
      for (const decoder of [...decoders, decodeEchoReply]) decoder(hostile);
    }),
    { numRuns: 2000 },
  );
});

test('whatever is accepted is in range and the same when encoded again', () => {
  // Start from good messages and change a few bytes: pure noise is nearly always refused.
  const input = golden.cases.filter(({ message }) =>
    ['transitions', 'motion'].includes(message.type),
  );
  const changes = fc.array(fc.tuple(fc.nat({ max: 90 }), fc.nat({ max: 255 })), { maxLength: 3 });
  let accepted = 0;
  fc.assert(
    fc.property(fc.constantFrom(...input), changes, ({ hex }, edits) => {
      const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
      for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
      const message = decodeInput(bytes);
      if (message.type === 'invalid') return;
      accepted += 1;
      if (message.type === 'transitions') assert.ok(message.heldUsages.every(isKeyUsage));
      assert.deepEqual(encode(message), bytes);
    }),
    { numRuns: 5000 },
  );
  assert.ok(accepted > 100);
});

test('a message cut short or with bytes to spare is refused', () => {
  for (const { name } of golden.cases) {
    const bytes = goldenBytes(name);
    const longer = Uint8Array.of(...bytes, 0);
    for (const wrong of [bytes.subarray(0, -1), longer]) {
      const results = [decodePong, decodeEchoRequest, decodeAck, decodePing, decodeEchoReply];
      assert.ok(results.every((decoder) => decoder(wrong) === null));
      assert.equal(decodeInput(wrong).type, 'invalid');
    }
  }
});

test('a value out of its range is refused by name', () => {
  const pointer: PointerBlock = {
    mode: 'absolute',
    motionSequence: 1,
    x: 0,
    y: 0,
    relX: 0,
    relY: 0,
    wheel: 0,
    pan: 0,
  };
  const base = { type: 'transitions' as const, epoch: 1, firstSequence: 1 };
  const empty = { ...base, transitions: [], heldUsages: [], heldButtons: 0 };
  const key = (usage: number) => ({ kind: 'key' as const, usage, down: true });
  const wrong: GoldenMessage[] = [
    { ...empty, firstSequence: 0 },
    { ...empty, firstSequence: 0xffff_ffff, transitions: [key(4)] },
    { ...empty, heldButtons: 0x20 },
    { ...empty, heldUsages: [0] },
    { ...empty, heldUsages: Array(129).fill(4) },
    { ...empty, transitions: [key(3)] },
    { ...empty, transitions: [key(0xe8)] },
    { ...empty, transitions: [key(0x1400)] },
    { ...empty, transitions: [key(0x2084)] },
    { type: 'motion', epoch: 1, afterSequence: 0, pointer: { ...pointer, x: 0x8000 } },
  ];
  for (const message of wrong) {
    assert.deepEqual(decodeInput(encode(message)), { type: 'invalid', reason: 'range' });
  }
  assert.deepEqual(decodeInput(new Uint8Array()), { type: 'invalid', reason: 'unknown-type' });
  assert.deepEqual(decodeInput(Uint8Array.of(1, 0)), { type: 'invalid', reason: 'length' });
});
