import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../server/logger.js';
import { chooseEncoder } from '../../../server/video/choose-encoder.js';

test('auto takes software and says so; software says nothing', () => {
  const said: string[] = [];
  const logger = { ...silentLogger, info: (_: object, message: string) => said.push(message) };
  assert.deepEqual(chooseEncoder('software', logger), { kind: 'software' });
  assert.deepEqual(said, []);
  assert.deepEqual(chooseEncoder('auto', logger), { kind: 'software' });
  assert.match(said.join(), /software/);
});

test('a device is never silently replaced', () => {
  assert.throws(() => chooseEncoder('/dev/video11', silentLogger), /encoder device \/dev\/video11/);
});
