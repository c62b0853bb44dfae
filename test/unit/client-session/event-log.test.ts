import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatLogText } from '../../../client/src/elements/format.js';
import { INITIAL_STATE } from '../../../client/src/session/console-state.js';
import { EventLog } from '../../../client/src/session/event-log.js';
import { Store } from '../../../client/src/session/store.js';

describe('the log on the page', () => {
  const store = new Store(INITIAL_STATE);
  const log = new EventLog(store);
  const lines = () => store.value.log.map(formatLogText);

  test('counts what is said again in one line, from the first time on', () => {
    log.add('WebRTC connected', 'info');
    log.add('Carrier lost', 'error');
    const began = store.value.log.at(-1)?.at;
    for (let attempt = 0; attempt < 6; attempt += 1) log.add('Carrier lost', 'error');
    assert.deepEqual(lines(), ['WebRTC connected', 'Carrier lost (7 times)']);
    assert.equal(store.value.log.at(-1)?.at, began);
  });

  test('says it anew after something else, or when it means something else', () => {
    log.add('WebRTC connected', 'info');
    log.add('Carrier lost', 'error');
    log.add('Carrier lost');
    assert.deepEqual(lines().slice(2), ['WebRTC connected', 'Carrier lost', 'Carrier lost']);
  });

  test('keeps the newest 500 lines', () => {
    for (let line = 0; line < 600; line += 1) log.add(`line ${line}`);
    assert.equal(store.value.log.length, 500);
    assert.equal(lines().at(-1), 'line 599');
    log.add('line 599');
    assert.equal(store.value.log.length, 500);
    assert.equal(lines()[0], 'line 100');
  });
});
