import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { silentLogger } from '../../../server/logger.js';
import type { AccessUnit } from '../../../server/protocol/access-unit.js';
import { ByteWriter } from '../../../server/protocol/byte-writer.js';
import type { StateMessage } from '../../../server/protocol/control-messages.js';
import { decodeAck, encodeTransitions } from '../../../server/protocol/input-codec.js';
import { REPLACED_GRACE_MS, type Session } from '../../../server/session/session.js';
import { SessionManager } from '../../../server/session/session-manager.js';
import type { VideoConsumer } from '../../../server/session/video-feed.js';
import { FakeCarrier } from '../../fakes/fake-carrier.js';

const KEY_A = 0x04;
const STATE: Omit<StateMessage, 'viewers' | 'control'> = {
  type: 'state',
  nowUs: 42,
  video: {
    signal: 'ok',
    width: 640,
    height: 480,
    frameRate: 60,
    bitrateBps: 0,
    lastPicture: null,
    failed: false,
  },
  hid: { state: 'configured', leds: null },
  target: { kind: 'simulated' },
};
const UNIT: AccessUnit = {
  data: new Uint8Array(1),
  keyframe: true,
  timestampUs: 1,
  number: 1,
  width: 2,
  height: 2,
};

let input: string[];
let watching: Set<VideoConsumer>;
let keyframes: number;
let manager: SessionManager;
let ada: Session;
let first: FakeCarrier;

beforeEach(() => {
  input = [];
  watching = new Set();
  keyframes = 0;
  manager = new SessionManager({
    sink: {
      key: (_source, usage, down) => input.push(`${usage} ${down ? 'down' : 'up'}`),
      button: () => {},
      move: () => {},
      // Letting go of nothing is no event for the target.
      releaseAll: () => {
        if (input.at(-1)?.endsWith('down')) input.push('released');
      },
    },
    video: {
      subscribe: (consumer) => {
        watching.add(consumer);
        return () => watching.delete(consumer);
      },
      requestKeyframe: () => {
        keyframes += 1;
      },
    },
    maxViewers: 3,
    control: { shared: false, idleHandOverMs: null },
    nowUs: () => 42,
    readState: () => STATE,
    logger: silentLogger,
  });
  ada = manager.create({ name: 'ada', role: 'owner', loginId: 'login-ada', watchOnly: false });
  first = new FakeCarrier().open(ada);
});

test.afterEach(() => manager.close());

const standby = (kind: 'webrtc' | 'websocket' = 'webrtc') => new FakeCarrier(kind).open(ada);

/** Sends one transition of the key as the page does, with what is held after it. */
function key(carrier: FakeCarrier, sequence: number, down: boolean, epoch = carrier.epoch): void {
  const writer = new ByteWriter(100);
  encodeTransitions(
    {
      type: 'transitions',
      epoch,
      firstSequence: sequence,
      transitions: [{ kind: 'key', usage: KEY_A, down }],
      heldUsages: down ? [KEY_A] : [],
      heldButtons: 0,
    },
    writer,
  );
  ada.carrierBinary(carrier, writer.finish(), 'reliable');
}

function use(carrier: FakeCarrier, continues?: number): void {
  ada.carrierMessage(carrier, {
    type: 'use-carrier',
    ...(continues !== undefined && { continues }),
  });
}

const showAll = () => {
  for (const consumer of watching) consumer.accessUnit(UNIT);
};

test('a later carrier stands by: pictures and states, no input, no control of its own', async () => {
  const { epoch } = first;
  const second = standby();
  assert.deepEqual(second.messages[0], {
    type: 'hello',
    protocol: 2,
    session: ada.id,
    viewer: ada.publicId,
    inputEpoch: 0,
    standby: true,
  });
  assert.equal(first.closedWith, null);
  assert.equal(manager.size, 1);
  await Promise.resolve();
  assert.ok(second.messages.some(({ type }) => type === 'state'));
  showAll();
  assert.deepEqual([first.units.length, second.units.length], [1, 1]);
  key(second, 1, true, epoch);
  ada.carrierMessage(second, { type: 'release-control' });
  assert.deepEqual(input, []);
  assert.equal(ada.inControl, true);
  assert.equal(ada.carrierKind, 'websocket');
  key(first, 1, true);
  assert.deepEqual(input, ['4 down']);
});

test('the page moves over with a key held: it stays held, and no transition happens twice or gets lost', () => {
  const second = standby();
  const { epoch } = first;
  key(first, 1, true);
  use(second, epoch);
  const told = second.messages.at(-1);
  assert.ok(second.epoch > epoch);
  assert.deepEqual(told, { type: 'control', inputEpoch: second.epoch, continues: epoch });
  // Under way on the old carrier, and sent again on the new one.
  key(first, 2, false, epoch);
  key(second, 1, true);
  assert.deepEqual(input, ['4 down']);
  key(second, 2, false);
  assert.deepEqual(input, ['4 down', '4 up']);
  assert.equal(decodeAck(second.binaries.at(-1)?.bytes ?? new Uint8Array())?.sequence, 2);
  assert.equal(ada.carrierKind, 'webrtc');
});

test('a page that is in another epoch begins anew, and what it does not hold is let go', () => {
  key(first, 1, true);
  const second = standby();
  use(second, first.epoch + 7);
  const told = second.messages.at(-1);
  assert.deepEqual(told, { type: 'control', inputEpoch: second.epoch });
  key(second, 1, false);
  assert.equal(input.at(-1), '4 up');
});

test('the old carrier stands by after the move and closes when its time is over', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const second = standby();
  use(second, first.epoch);
  showAll();
  assert.equal(first.units.length, 1);
  t.mock.timers.tick(REPLACED_GRACE_MS - 1);
  assert.equal(first.closedWith, null);
  t.mock.timers.tick(1);
  assert.equal(first.closedWith, 'carrier-replaced');
  assert.equal(second.closedWith, null);
  assert.equal(watching.size, 1);
  assert.ok(second.epoch > 0);
});

test('a page that moves back keeps the carrier that it moves back to', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const second = standby();
  use(second, first.epoch);
  t.mock.timers.tick(REPLACED_GRACE_MS - 1);
  use(first, second.epoch);
  t.mock.timers.tick(REPLACED_GRACE_MS - 1);
  assert.equal(first.closedWith, null);
  t.mock.timers.tick(1);
  assert.equal(second.closedWith, 'carrier-replaced');
  assert.equal(first.closedWith, null);
});

test('when the active carrier closes, the one that stands by takes its place with control and keys', () => {
  const { epoch } = first;
  key(first, 1, true);
  const second = standby();
  first.close('heartbeat-missed');
  assert.deepEqual(input, ['4 down']);
  const told = second.messages.at(-1);
  assert.deepEqual(told, { type: 'control', inputEpoch: second.epoch, continues: epoch });
  assert.equal(ada.inControl, true);
  // The page asked for the same at the same time.
  const before = second.messages.length;
  use(second, epoch);
  assert.equal(second.messages.length, before);
  key(second, 2, false);
  assert.deepEqual(input, ['4 down', '4 up']);
});

test('a page that has forgotten its epoch gets a new one after the appliance moved by itself', () => {
  key(first, 1, true);
  const second = standby();
  first.close('heartbeat-missed');
  const moved = second.epoch;
  use(second, 0);
  assert.ok(second.epoch > moved);
  key(second, 1, false);
  assert.equal(input.at(-1), '4 up');
});

test('a page that comes back before its dead carrier is noticed uses the new one at once', () => {
  const second = standby('websocket');
  use(second);
  assert.ok(second.epoch > 0);
  first.close('heartbeat-missed');
  assert.equal(input.includes('released'), false);
  key(second, 1, true);
  assert.deepEqual(input, ['4 down']);
});

test('after the last carrier everything is released, and a new one is not a standby', () => {
  key(first, 1, true);
  const second = standby();
  second.close('connect-failed');
  assert.deepEqual(input, ['4 down']);
  first.close('connect-failed');
  assert.deepEqual(input, ['4 down', 'released']);
  assert.equal(watching.size, 0);
  const third = standby();
  assert.ok(third.epoch > 0);
});

test('a third carrier takes the place of the oldest one that stands by', () => {
  const second = standby();
  const third = standby('websocket');
  assert.equal(second.closedWith, 'carrier-replaced');
  assert.equal(first.closedWith, null);
  assert.equal(third.closedWith, null);
  use(third);
  const fourth = standby();
  assert.equal(first.closedWith, 'carrier-replaced');
  assert.equal(third.closedWith, null);
  assert.equal(fourth.closedWith, null);
  assert.equal(watching.size, 2);
});

test('who only watches moves over, too, and gets no control by it', () => {
  const lin = manager.create({
    name: 'lin',
    role: 'owner',
    loginId: 'login-lin',
    watchOnly: false,
  });
  new FakeCarrier().open(lin);
  const second = new FakeCarrier('webrtc').open(lin);
  lin.carrierMessage(second, { type: 'use-carrier', continues: 0 });
  assert.equal(second.epoch, 0);
  lin.carrierMessage(second, { type: 'take-control' });
  assert.ok(second.epoch > 0);
  assert.equal(first.epoch, 0);
  assert.deepEqual([ada.inControl, lin.inControl], [false, true]);
});

test('control that is lost and regained on the way over is an epoch with nothing held', () => {
  const { epoch } = first;
  key(first, 1, true);
  const second = standby();
  ada.carrierMessage(first, { type: 'release-control' });
  ada.carrierMessage(first, { type: 'take-control' });
  assert.deepEqual(input, ['4 down', 'released']);
  use(second, epoch);
  assert.equal(second.messages.at(-1)?.type, 'control');
  assert.ok(!('continues' in (second.messages.at(-1) ?? {})));
});

test('a keyframe is asked for by any attached carrier, by a closed one not', () => {
  const second = standby();
  ada.carrierNeedsKeyframe(first);
  ada.carrierNeedsKeyframe(second);
  ada.carrierMessage(second, { type: 'keyframe' });
  second.close('connect-failed');
  ada.carrierNeedsKeyframe(second);
  use(second, first.epoch);
  assert.equal(keyframes, 3);
  assert.equal(ada.carrierKind, 'websocket');
});

test('the end of the session ends every carrier, input first', () => {
  key(first, 1, true);
  const second = standby();
  ada.end('logged-out');
  assert.deepEqual([first.closedWith, second.closedWith], ['logged-out', 'logged-out']);
  assert.deepEqual(input, ['4 down', 'released']);
  assert.equal(watching.size, 0);
  use(second, 1);
  key(second, 2, true, 2);
  assert.deepEqual(input, ['4 down', 'released']);
});
