import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { controlTaken, noticeFor } from '../../../client/src/elements/notice-for.js';
import { liveState } from './live-state.js';

const textOf = (...args: Parameters<typeof noticeFor>) => noticeFor(...args)?.text;

describe('noticeFor', () => {
  test('in control it says where the keys go', () => {
    assert.equal(textOf(liveState(), false), 'Click the picture to type and point');
    assert.equal(textOf(liveState(), true), 'Keys go to the target. Release: Right Ctrl');
    assert.equal(noticeFor(liveState(), true)?.trouble, false);
  });

  test('a captured mouse is said to be, with the way out', () => {
    assert.match(noticeFor(liveState(), true, true)?.text ?? '', /captured.*Right Ctrl or Esc/);
  });

  test('a frozen picture is called frozen while reconnecting', () => {
    const state = liveState({ phase: 'reconnecting', retryInSeconds: 2.5, pictureAgeSeconds: 4.2 });
    assert.deepEqual(noticeFor(state, true), {
      text: 'Frozen 4 s, reconnecting in 3 s',
      level: 'warn',
      trouble: true,
    });
    assert.equal(textOf({ ...state, hasPicture: false }, true), undefined);
    assert.equal(
      textOf({ ...state, pictureAgeSeconds: null, retryInSeconds: 0 }, true),
      'Frozen, reconnecting',
    );
  });

  test('trouble goes before advice', () => {
    assert.equal(textOf(liveState({ pictureAgeSeconds: 7 }), true), 'This picture is 7 s old');
    assert.match(textOf(liveState({}, { failed: true }), true) ?? '', /pipeline/);
    assert.match(textOf(liveState({}, {}, 'detached'), true) ?? '', /Keys do not arrive/);
    assert.match(textOf(liveState({}, {}, 'busy'), true) ?? '', /do not arrive: another program/);
  });

  test('a watcher on a slow path is told why it sees so few pictures', () => {
    const state = liveState({ inControl: false, pictureAgeSeconds: 2 });
    const viewers = state.remote?.viewers.map((viewer) => ({ ...viewer, thin: true as const }));
    const remote = state.remote && { ...state.remote, viewers: viewers ?? [] };
    assert.match(textOf({ ...state, remote }, true) ?? '', /network is slow/);
    assert.equal(textOf(state, true), 'This picture is 2 s old');
  });

  test('a picture younger than a second is not called old', () => {
    assert.equal(noticeFor(liveState({ pictureAgeSeconds: 0.6 }), true)?.trouble, false);
  });

  test('a watcher is told who has control', () => {
    const watching = { inControl: false, controlHolder: 'Lin' };
    assert.equal(textOf(liveState(watching), true), 'Watching only. Lin has control');
    assert.equal(
      textOf(liveState({ inControl: false, controlHolder: null }), true),
      'Watching only',
    );
    assert.equal(
      textOf(liveState({ inControl: false, controlHolder: 'ada', userName: 'ada' }), true),
      'Watching only. You have control in another window',
    );
  });

  test('who took control is named; the same user is no stranger', () => {
    assert.equal(controlTaken(liveState({ controlHolder: 'Lin' })), 'Lin took control');
    assert.equal(
      controlTaken(liveState({ controlHolder: 'ada', userName: 'ada' })),
      'You took control in another window',
    );
    assert.equal(controlTaken(liveState({ controlHolder: null })), 'Another viewer took control');
  });

  test('it is silent while there is nothing to see', () => {
    for (const phase of ['starting', 'claim', 'login', 'off', 'connecting', 'ended'] as const) {
      assert.equal(noticeFor(liveState({ phase }), true), null, phase);
    }
    assert.equal(noticeFor(liveState({ remote: null }), true), null);
  });
});
