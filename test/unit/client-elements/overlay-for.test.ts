import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Overlay, overlayFor } from '../../../client/src/elements/overlay-for.js';
import { type ConsoleState, INITIAL_STATE } from '../../../client/src/session/console-state.js';
import type { HidState, SignalState } from '../../../server/protocol/control-messages.js';
import { ERRORS, type ErrorCode } from '../../../server/protocol/error-codes.js';
import { liveState } from './live-state.js';

type Message = Extract<Overlay, { kind: 'message' }>;

function messageOf(state: ConsoleState): Message {
  const overlay = overlayFor(state);
  assert.ok(overlay?.kind === 'message', `expected a message, got ${overlay?.kind}`);
  return overlay;
}

describe('overlayFor', () => {
  test('a live picture with a signal is never covered', () => {
    assert.equal(overlayFor(liveState()), null);
    assert.equal(overlayFor(liveState({ pictureAgeSeconds: 90 })), null);
    assert.equal(overlayFor(liveState({ inControl: false, controlLost: true })), null);
  });

  test('a frozen last picture stays uncovered while reconnecting or restarting', () => {
    assert.equal(overlayFor(liveState({ phase: 'reconnecting', retryInSeconds: 3 })), null);
    assert.equal(overlayFor(liveState({}, { failed: true })), null);
  });

  test('there is no black page without a reason: every phase without a picture has words', () => {
    const phases = ['starting', 'off', 'connecting', 'reconnecting', 'live', 'ended'] as const;
    for (const phase of phases) {
      for (const remote of [null, liveState().remote]) {
        const message = messageOf(liveState({ phase, remote, hasPicture: false, signal: null }));
        assert.ok(message.title.length > 0 && message.text.length > 0, phase);
      }
    }
  });

  test('an appliance that does not answer is not waited for in silence', () => {
    const log = [{ at: 0, kind: 'error' as const, text: 'api/status: Failed to fetch' }];
    const message = messageOf({ ...INITIAL_STATE, log });
    assert.equal(message.title, 'The appliance does not answer');
    assert.equal(message.text, 'api/status: Failed to fetch.');
  });

  test('claim and login are the boot screen', () => {
    assert.deepEqual(overlayFor({ ...INITIAL_STATE, phase: 'claim' }), { kind: 'claim' });
    assert.deepEqual(overlayFor({ ...INITIAL_STATE, phase: 'login' }), { kind: 'login' });
  });

  test('each reason for no signal has its own card, with evidence and things to try', () => {
    const reasons: SignalState[] = [
      'no-device',
      'no-cable',
      'no-signal',
      'no-sync',
      'unsupported-timings',
    ];
    const titles = reasons.map((signal) => {
      const message = messageOf(liveState({ signal }, { signal }));
      assert.ok(message.tries.length > 0, signal);
      assert.equal(message.facts.length, 5);
      const bad = message.facts.filter(({ level }) => level === 'bad');
      assert.equal(bad.length, 1, `${signal}: exactly one stage is broken`);
      return message.title;
    });
    assert.equal(new Set(titles).size, reasons.length);
  });

  test('what lies behind a broken stage is unknown, not broken', () => {
    const { facts } = messageOf(liveState({ signal: 'no-cable' }, { signal: 'no-cable' }));
    assert.deepEqual(
      facts.map(({ name, value, level }) => `${name}: ${value} (${level})`),
      [
        'Video input: present (ok)',
        'HDMI cable: not plugged in (bad)',
        'Video clock: unknown (warn)',
        'Timings: unknown (warn)',
        'USB: ready (ok)',
      ],
    );
  });

  test('without a clock, USB tells a sleeping target from one that is off', () => {
    const titleWith = (hid: HidState): string =>
      messageOf(liveState({ signal: 'no-signal' }, { signal: 'no-signal' }, hid)).title;
    assert.equal(titleWith('suspended'), 'The target is asleep or switched off');
    assert.equal(titleWith('detached'), 'The target is switched off');
    assert.equal(titleWith('configured'), 'No picture from the target');
  });

  test('the signal of the page goes before the older one of the report', () => {
    assert.equal(overlayFor(liveState({ signal: 'ok' }, { signal: 'no-signal' })), null);
    assert.equal(
      messageOf(liveState({ signal: null }, { signal: 'no-cable' })).title,
      'No cable to the target',
    );
  });

  test('a failed pipeline without any picture says so', () => {
    const message = messageOf(liveState({ hasPicture: false }, { failed: true }));
    assert.equal(message.title, 'The video pipeline failed');
  });

  test('reconnecting without a picture counts down in whole seconds', () => {
    const at = (retryInSeconds: number | null): string =>
      messageOf(liveState({ phase: 'reconnecting', hasPicture: false, retryInSeconds })).text;
    assert.equal(at(2.2), 'Trying again in 3 s.');
    assert.equal(at(0), 'Trying again now.');
    assert.equal(at(null), 'Trying again now.');
  });

  test('every error code ends in its own sentence and with a way on', () => {
    for (const end of Object.keys(ERRORS) as ErrorCode[]) {
      const message = messageOf(liveState({ phase: 'ended', end }));
      assert.equal(message.text, ERRORS[end].message);
      assert.ok(message.tries.length > 0);
      assert.equal(message.button, end === 'version-mismatch' ? 'reload' : 'power');
    }
    assert.equal(
      messageOf(liveState({ phase: 'ended', end: 'too-many-viewers' })).title,
      'Too many viewers',
    );
  });

  test('only the switched off and the ended card have the power button', () => {
    assert.equal(messageOf(liveState({ phase: 'off' })).button, 'power');
    assert.equal(messageOf(liveState({ phase: 'connecting' })).button, null);
    assert.equal(messageOf(liveState({ signal: 'no-cable' })).button, null);
  });
});
