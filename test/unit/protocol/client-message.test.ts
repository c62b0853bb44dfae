import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseClientMessage } from '../../../server/protocol/client-message.js';

test('the messages of the protocol are read', () => {
  for (const message of [
    { type: 'take-control' },
    { type: 'request-control' },
    { type: 'withdraw-request' },
    { type: 'grant-control', viewer: 'Zm9v' },
    { type: 'refuse-control', viewer: 'Zm9v' },
    { type: 'release-control' },
    { type: 'keyframe' },
  ]) {
    assert.deepEqual(parseClientMessage(JSON.stringify(message)), message);
  }
});

test('anything else is null', () => {
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"type":"hello"}',
    '{"type":"keyframe","more":1}',
    '{"type":"grant-control"}',
    '{"type":"grant-control","viewer":7}',
    `{"type":"refuse-control","viewer":"${'x'.repeat(33)}"}`,
    `{"type":"keyframe"}${' '.repeat(4096)}`,
    `{"type":"keyframe"${' '.repeat(4000)}}${'é'.repeat(60)}`,
  ]) {
    assert.equal(parseClientMessage(text), null, text.slice(0, 40));
  }
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseClientMessage(text)));
});
