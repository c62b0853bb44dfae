import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import {
  BLIND_MS,
  type CarrierFacts,
  Ladder,
  NO_PICTURE_MS,
  RETRY_MS,
  SILENT_MS,
  STEADY_MS,
} from '../../../client/src/session/ladder.js';
import type { Transport } from '../../../client/src/session/transport-choice.js';

const TICK_MS = 250;

let nowMs: number;
let acts: string[];
let ladder: Ladder;
/** What the carriers that are open are like: heard now unless silent, with so many pictures per tick. */
let carriers: Map<Transport, { silentSinceMs: number | null; perTick: number; frames: number }>;

function make(transports: readonly Transport[]): void {
  ladder = new Ladder(transports, {
    open: (transport) => acts.push(`open ${transport}`),
    use: (transport) => acts.push(`use ${transport}`),
    close: (transport) => {
      acts.push(`close ${transport}`);
      carriers.delete(transport);
    },
    repair: (transport) => acts.push(`repair ${transport}`),
  });
  ladder.begin();
}

beforeEach(() => {
  nowMs = 1000;
  acts = [];
  carriers = new Map();
  make(['webrtc', 'websocket']);
});

const take = () => acts.splice(0);

function open(transport: Transport, perTick: number): void {
  carriers.set(transport, { silentSinceMs: null, perTick, frames: 0 });
  ladder.opened(transport, nowMs);
}

function die(transport: Transport, reason: 'lost' | 'no-h264' | 'connect-failed' = 'lost'): void {
  carriers.delete(transport);
  ladder.closed(transport, reason, nowMs);
}

function silence(transport: Transport): void {
  const carrier = carriers.get(transport);
  if (carrier) carrier.silentSinceMs = nowMs;
}

function pass(ms: number): void {
  for (const endMs = nowMs + ms; nowMs < endMs; ) {
    nowMs += TICK_MS;
    const facts = new Map<Transport, CarrierFacts>();
    for (const [transport, carrier] of carriers) {
      if (carrier.silentSinceMs === null) carrier.frames += carrier.perTick;
      const { frames } = carrier;
      facts.set(transport, { heardMs: carrier.silentSinceMs ?? nowMs, frames });
    }
    ladder.tick(nowMs, facts);
  }
}

/** Both are open, and WebRTC has taken over. */
function climb(): void {
  open('websocket', 8);
  ladder.moved('websocket');
  open('webrtc', 8);
  pass(STEADY_MS + 2 * TICK_MS);
  ladder.moved('webrtc');
  pass(TICK_MS);
  take();
}

test('both start together; WebRTC is used when its pictures are steady, and then the WebSocket ends', () => {
  assert.deepEqual(take(), ['open webrtc', 'open websocket']);
  open('websocket', 8);
  ladder.moved('websocket');
  assert.equal(ladder.why, 'Trying WebRTC, too');
  open('webrtc', 8);
  pass(STEADY_MS);
  assert.deepEqual(take(), []);
  assert.match(ladder.why ?? '', /when it is steady/);
  pass(2 * TICK_MS);
  assert.deepEqual(take(), ['use webrtc']);
  pass(1000);
  assert.deepEqual(take(), [], 'the WebSocket stays until the appliance has moved');
  ladder.moved('webrtc');
  pass(TICK_MS);
  assert.deepEqual(take(), ['close websocket']);
  assert.equal(ladder.why, null);
  assert.equal(ladder.choosing, false);
  pass(60_000);
  assert.deepEqual(take(), []);
});

test('one picture is not steady', () => {
  open('websocket', 8);
  ladder.moved('websocket');
  open('webrtc', 1);
  pass(TICK_MS);
  const webrtc = carriers.get('webrtc');
  if (webrtc) webrtc.perTick = 0;
  pass(BLIND_MS * 2);
  assert.deepEqual(take(), ['open webrtc', 'open websocket']);
});

test('where there is nothing to see, WebRTC is used all the same', () => {
  open('websocket', 0);
  ladder.moved('websocket');
  open('webrtc', 0);
  take();
  pass(NO_PICTURE_MS - TICK_MS);
  assert.deepEqual(take(), []);
  pass(TICK_MS);
  assert.deepEqual(take(), ['use webrtc']);
});

test('WebRTC that connects and shows nothing is given up, with a word, and tried again later', () => {
  open('websocket', 8);
  ladder.moved('websocket');
  open('webrtc', 0);
  take();
  pass(BLIND_MS - TICK_MS);
  assert.deepEqual(take(), []);
  assert.match(ladder.why ?? '', /no picture comes through/);
  pass(TICK_MS);
  assert.deepEqual(take(), ['close webrtc']);
  assert.match(ladder.why ?? '', /no picture comes through/);
  pass(RETRY_MS[0] + TICK_MS);
  assert.deepEqual(take(), ['open webrtc']);
});

test('a silent WebRTC is repaired, and the WebSocket is at hand before it is dead', () => {
  climb();
  silence('webrtc');
  pass(SILENT_MS - TICK_MS);
  assert.deepEqual(take(), []);
  pass(2 * TICK_MS);
  assert.deepEqual(take(), ['repair webrtc', 'open websocket']);
  open('websocket', 8);
  pass(TICK_MS);
  assert.deepEqual(take(), ['use websocket']);
  ladder.moved('websocket');
  die('webrtc');
  assert.match(ladder.why ?? '', /broke off/);
  pass(RETRY_MS[0] + TICK_MS);
  assert.deepEqual(take(), ['open webrtc']);
});

test('one that speaks again before the move keeps its place once it is steady', () => {
  climb();
  silence('webrtc');
  pass(SILENT_MS + TICK_MS);
  assert.deepEqual(take(), ['repair webrtc', 'open websocket']);
  const webrtc = carriers.get('webrtc');
  if (webrtc) webrtc.silentSinceMs = null;
  pass(TICK_MS);
  open('websocket', 8);
  pass(STEADY_MS - TICK_MS);
  assert.deepEqual(take(), []);
  pass(2 * TICK_MS);
  assert.deepEqual(take(), ['close websocket']);
});

test('a WebSocket that is refused is not dialled again at once', () => {
  climb();
  silence('webrtc');
  pass(SILENT_MS + TICK_MS);
  assert.deepEqual(take(), ['repair webrtc', 'open websocket']);
  die('websocket');
  pass(1000);
  assert.deepEqual(take(), []);
  pass(2000);
  assert.deepEqual(take(), ['open websocket']);
});

test('when the active carrier ends, the other one is used at once', () => {
  open('websocket', 8);
  ladder.moved('websocket');
  open('webrtc', 8);
  take();
  die('websocket');
  assert.deepEqual(take(), ['use webrtc']);
  assert.equal(ladder.down, false);
  ladder.moved('webrtc');
  die('webrtc');
  assert.equal(ladder.down, true);
});

test('attempts that fail come less and less often, until the network changes', () => {
  open('websocket', 8);
  ladder.moved('websocket');
  take();
  for (const delayMs of RETRY_MS) {
    die('webrtc', 'connect-failed');
    assert.match(ladder.why ?? '', /no way through/);
    pass(delayMs - TICK_MS);
    assert.deepEqual(take(), []);
    pass(TICK_MS);
    assert.deepEqual(take(), ['open webrtc']);
  }
  die('webrtc', 'connect-failed');
  ladder.networkChanged(nowMs);
  pass(TICK_MS);
  assert.deepEqual(take(), ['open webrtc']);
});

test('what the appliance refuses for good is not tried again, with its reason', () => {
  open('websocket', 8);
  ladder.moved('websocket');
  take();
  die('webrtc', 'no-h264');
  ladder.networkChanged(nowMs);
  pass(600_000);
  assert.deepEqual(take(), []);
  assert.match(ladder.why ?? '', /H\.264/);
});

test('one transport alone is never helped by the other', () => {
  acts = [];
  make(['webrtc']);
  open('webrtc', 8);
  ladder.moved('webrtc');
  pass(3000);
  silence('webrtc');
  pass(SILENT_MS + TICK_MS);
  assert.deepEqual(take(), ['open webrtc', 'repair webrtc']);
  die('webrtc');
  assert.equal(ladder.down, true);
});
