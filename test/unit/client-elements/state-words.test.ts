import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lampsFor } from '../../../client/src/elements/lamps-for.js';
import { lcdLines } from '../../../client/src/elements/lcd-lines.js';
import { rungFor } from '../../../client/src/elements/rung-for.js';
import { viewersFor } from '../../../client/src/elements/viewers-for.js';
import { type ConsoleState, INITIAL_STATE } from '../../../client/src/session/console-state.js';
import type { ViewerInfo } from '../../../server/protocol/control-messages.js';
import { liveState } from './live-state.js';

const lamps = (state: ConsoleState): string[] =>
  lampsFor(state).map(({ name, colour, word }) => `${name} ${colour} ${word}`);

describe('lampsFor', () => {
  test('all is well', () => {
    assert.deepEqual(lamps(liveState()), ['PWR red Online', 'SIG green 1080p60', 'HID blue Ready']);
  });

  test('trouble is amber with its word', () => {
    assert.deepEqual(lamps(liveState({ signal: 'no-cable' }, {}, 'suspended')), [
      'PWR red Online',
      'SIG amber No cable',
      'HID amber Asleep',
    ]);
    assert.equal(lamps(liveState({}, { failed: true }))[1], 'SIG amber Failed');
  });

  test('what is not known right now is off and called unknown', () => {
    assert.deepEqual(lamps(liveState({ phase: 'reconnecting' })), [
      'PWR amber Retrying',
      'SIG off Unknown',
      'HID off Unknown',
    ]);
    assert.equal(lamps(INITIAL_STATE)[0], 'PWR off Signed out');
  });
});

describe('lcdLines', () => {
  const metrics = { ...INITIAL_STATE.metrics, latencyMs: 34.6, latencyHistory: [34.6], seconds: 5 };

  test('a live picture', () => {
    const lines = lcdLines(liveState({ metrics }));
    assert.equal(lines.mode, '1920x1080 60Hz');
    assert.equal(lines.codec, 'H.264');
    assert.equal(lines.latency, '35');
    assert.deepEqual(lines.cells[4], ['TIME', '00:00:05']);
  });

  test('no signal has no latency, whatever was measured before', () => {
    const lines = lcdLines(liveState({ metrics, signal: 'no-signal' }));
    assert.equal(lines.mode, 'NO SIGNAL');
    assert.equal(lines.latency, '--');
    assert.deepEqual(lines.history, []);
  });

  test('standby knows nothing', () => {
    const lines = lcdLines(liveState({ metrics, phase: 'off' }));
    assert.equal(lines.mode, 'STANDBY');
    assert.ok(lines.cells.every(([, value]) => value === '--'));
  });
});

describe('rungFor', () => {
  test('the ladder and its note', () => {
    assert.equal(rungFor(liveState()).bars, 4);
    const relayed = rungFor(liveState({ route: 'turn-tcp' }));
    assert.deepEqual([relayed.bars, relayed.name], [2, 'WebRTC · TURN, TCP']);
    const fallen = rungFor(liveState({ transport: 'websocket', transportNote: 'UDP is blocked' }));
    assert.equal(fallen.bars, 1);
    assert.equal(fallen.note, 'UDP is blocked');
    const byPlayer = { transport: 'websocket', socketDecoder: 'mse' } as const;
    const played = rungFor(liveState({ ...byPlayer, transportNote: 'UDP is blocked' }));
    assert.equal(played.name, 'WebSocket · MSE');
    assert.match(played.note ?? '', /^UDP is blocked. This browser has no WebCodecs/);
    assert.match(rungFor(liveState(byPlayer)).note ?? '', /^This browser has no WebCodecs/);
    assert.equal(rungFor(liveState({ phase: 'reconnecting' })).name, 'Not connected');
  });
});

describe('viewersFor', () => {
  const viewer = (id: string, name: string, inControl: boolean): ViewerInfo => ({
    id,
    name,
    role: 'owner',
    inControl,
    asking: false,
    player: false,
    carrier: 'webrtc',
  });

  test('you are the one that the hello named', () => {
    const state = liveState({ viewerId: '2' });
    const viewers = [viewer('1', 'ada', true), viewer('2', 'ada', false)];
    const remote = state.remote && { ...state.remote, viewers };
    assert.deepEqual(
      viewersFor({ ...state, remote }).map(({ isYou }) => isYou),
      [false, true],
    );
  });
});
