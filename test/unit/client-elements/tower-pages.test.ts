import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { idleChoices, idleWords } from '../../../client/src/elements/idle-times.js';
import { pageForKey, towerPages } from '../../../client/src/elements/tower-pages.js';
import { INITIAL_STATE } from '../../../client/src/session/console-state.js';
import { liveState } from './live-state.js';

describe('pages of the tower', () => {
  const names = (state = liveState()): string[] => towerPages(state).map(({ name }) => name);

  test('a stranger has no settings, a simulated target no cables', () => {
    assert.deepEqual(names(INITIAL_STATE), ['console', 'image']);
    const { remote } = liveState();
    assert.ok(remote);
    const of = (kind: 'hardware' | 'simulated') =>
      names(liveState({ remote: { ...remote, target: { kind } } }));
    assert.deepEqual(of('simulated'), ['console', 'image', 'network', 'people']);
    assert.deepEqual(of('hardware'), ['console', 'image', 'target', 'network', 'people']);
  });

  test('arrows go round, Home and End to the ends, other keys nowhere', () => {
    const pages = towerPages(INITIAL_STATE);
    assert.equal(pageForKey(pages, 'console', 'ArrowRight'), 'image');
    assert.equal(pageForKey(pages, 'image', 'ArrowRight'), 'console');
    assert.equal(pageForKey(pages, 'console', 'ArrowLeft'), 'image');
    assert.equal(pageForKey(pages, 'image', 'Home'), 'console');
    assert.equal(pageForKey(pages, 'console', 'End'), 'image');
    assert.equal(pageForKey(pages, 'console', 'a'), null);
    assert.equal(pageForKey(pages, 'console', 'constructor'), null);
  });
});

describe('idle times', () => {
  test('in words', () => {
    assert.deepEqual([0, 15, 60, 90, 3600, 86_399].map(idleWords), [
      'Never',
      '15 s',
      '1 min',
      '1 min 30 s',
      '1 h',
      '23 h 59 min 59 s',
    ]);
  });

  test('what an option has set is among the choices, in order and once', () => {
    assert.ok(idleChoices(45).includes(45));
    assert.deepEqual(
      idleChoices(45),
      [...idleChoices(45)].sort((a, b) => a - b),
    );
    assert.deepEqual(idleChoices(60), idleChoices(0));
  });
});
