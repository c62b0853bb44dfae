import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { silentLogger } from '../../../server/logger.js';
import { ByteWriter } from '../../../server/protocol/byte-writer.js';
import {
  decodeEchoReply,
  encodeEchoRequest,
  encodeTransitions,
} from '../../../server/protocol/input-codec.js';
import type { InputSink } from '../../../server/session/input-sink.js';
import type { Session } from '../../../server/session/session.js';
import { SessionManager } from '../../../server/session/session-manager.js';
import type { VideoConsumer } from '../../../server/session/video-feed.js';
import { FakeCarrier } from '../../fakes/fake-carrier.js';

const KEY_A = 0x04;

let calls: string[];
let watching: Set<VideoConsumer>;
let manager: SessionManager;

const sink: InputSink = {
  key: (source, usage, down) => calls.push(`${source.id} key ${usage} ${down}`),
  button: () => {},
  move: () => {},
  releaseAll: (source) => calls.push(`${source.id} released`),
};

beforeEach(() => {
  calls = [];
  watching = new Set();
  manager = new SessionManager({
    sink,
    video: {
      subscribe: (consumer) => {
        watching.add(consumer);
        return () => watching.delete(consumer);
      },
      requestKeyframe: () => {},
    },
    maxViewers: 3,
    control: { shared: false, idleHandOverMs: null },
    nowUs: () => 42,
    readState: () => ({
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
    }),
    logger: silentLogger,
  });
});

test.afterEach(() => manager.close());

function viewer(name: string, watchOnly = false): Session {
  return manager.create({ name, role: 'owner', loginId: `login-${name}`, watchOnly });
}

function press(session: Session, carrier: FakeCarrier, epoch = carrier.epoch): void {
  const writer = new ByteWriter(100);
  encodeTransitions(
    {
      type: 'transitions',
      epoch,
      firstSequence: 1,
      transitions: [{ kind: 'key', usage: KEY_A, down: true }],
      heldUsages: [KEY_A],
      heldButtons: 0,
    },
    writer,
  );
  session.carrierBinary(carrier, writer.finish(), 'reliable');
}

test('the first viewer controls, the second watches', () => {
  const ada = viewer('ada');
  const lin = viewer('lin');
  const first = new FakeCarrier().open(ada);
  const second = new FakeCarrier().open(lin);
  assert.ok(first.epoch > 0);
  assert.equal(second.epoch, 0);
  assert.deepEqual([ada.inControl, lin.inControl], [true, false]);
  assert.equal(watching.size, 2);
});

test('input of who watches does nothing', () => {
  new FakeCarrier().open(viewer('ada'));
  const lin = viewer('lin');
  const carrier = new FakeCarrier().open(lin);
  for (const epoch of [0, 1, 2, 3]) press(lin, carrier, epoch);
  assert.ok(!calls.some((call) => call.startsWith(`${lin.id} key`)));
});

test('take-over moves control and releases what the other held, and only that', () => {
  const ada = viewer('ada');
  const lin = viewer('lin');
  const first = new FakeCarrier().open(ada);
  const second = new FakeCarrier().open(lin);
  press(ada, first);
  assert.deepEqual(
    calls.filter((call) => call.includes('key')),
    [`${ada.id} key ${KEY_A} true`],
  );
  calls = [];
  lin.carrierMessage(second, { type: 'take-control' });
  assert.equal(first.epoch, 0);
  assert.ok(second.epoch > 0);
  assert.ok(calls.includes(`${ada.id} released`) || calls.includes(`${ada.id} key ${KEY_A} false`));
  assert.ok(!calls.some((call) => call.startsWith(`${lin.id} key`)));
});

test('each grant has an epoch of its own', () => {
  const ada = viewer('ada');
  const carrier = new FakeCarrier().open(ada);
  const seen = new Set([carrier.epoch]);
  for (let turn = 0; turn < 5; turn++) {
    ada.carrierMessage(carrier, { type: 'release-control' });
    assert.equal(carrier.epoch, 0);
    ada.carrierMessage(carrier, { type: 'take-control' });
    seen.add(carrier.epoch);
  }
  assert.equal(seen.size, 6);
});

test('a session that loses its carrier releases its keys and keeps control for its return', () => {
  const ada = viewer('ada');
  const first = new FakeCarrier().open(ada);
  press(ada, first);
  const before = first.epoch;
  first.close('connect-failed');
  assert.ok(calls.some((call) => /released|key 4 false/.test(call)));
  assert.equal(watching.size, 0);
  const second = new FakeCarrier('webrtc').open(ada);
  assert.ok(second.epoch > before);
});

test('a sign-in may drive while no other one has control and is there', () => {
  const mayDrive = (id: string) => manager.mayDrive({ id, role: 'operator' });
  assert.equal(mayDrive('login-ada'), true, 'nobody is there');
  const ada = viewer('ada');
  const carrier = new FakeCarrier().open(ada);
  new FakeCarrier().open(viewer('lin'));
  assert.equal(mayDrive(ada.loginId), true);
  assert.equal(mayDrive('another'), false);
  ada.carrierMessage(carrier, { type: 'release-control' });
  assert.equal(mayDrive('another'), true);
  assert.equal(manager.mayDrive({ id: 'another', role: 'watcher' }), false);
  ada.carrierMessage(carrier, { type: 'take-control' });
  assert.equal(mayDrive('another'), false);
  carrier.close('heartbeat-missed');
  assert.equal(mayDrive('another'), true, 'who has control is away');
});

test('a newcomer gets control while its holder is away', () => {
  const first = new FakeCarrier().open(viewer('ada'));
  first.close('connect-failed');
  const second = new FakeCarrier().open(viewer('lin'));
  assert.ok(second.epoch > 0);
});

test('a watch-only session never controls and ends with its carrier', () => {
  const player = viewer('player', true);
  const carrier = new FakeCarrier('webrtc', false).open(player);
  assert.equal(player.inControl, false);
  player.carrierMessage(carrier, { type: 'take-control' });
  assert.equal(player.inControl, false);
  carrier.close('heartbeat-missed');
  assert.equal(manager.size, 0);
});

test('the viewer limit is refused by name', () => {
  for (const name of ['a', 'b', 'c']) viewer(name);
  assert.throws(() => viewer('d'), { code: 'too-many-viewers', message: /3 viewer places/ });
});

test('a session of another sign-in does not exist', () => {
  const ada = viewer('ada');
  assert.equal(manager.find(ada.id, 'login-lin'), undefined);
  assert.equal(manager.find(ada.id, 'login-ada'), ada);
});

test('logout ends the sessions of that sign-in at once, input and media', () => {
  const ada = viewer('ada');
  const lin = viewer('lin');
  const carrier = new FakeCarrier().open(ada);
  const other = new FakeCarrier().open(lin);
  press(ada, carrier);
  calls = [];
  manager.endByLogin('login-ada', 'logged-out');
  assert.equal(carrier.closedWith, 'logged-out');
  assert.equal(other.closedWith, null);
  assert.ok(calls.some((call) => /released|key 4 false/.test(call)));
  assert.equal(watching.size, 1);
  press(ada, carrier, 1);
  assert.ok(!calls.some((call) => call.endsWith('true')));
});

test('the state is sent once for many changes, with all viewers', async () => {
  const ada = viewer('ada');
  const carrier = new FakeCarrier().open(ada);
  await Promise.resolve();
  const before = carrier.messages.filter((message) => message.type === 'state').length;
  for (let change = 0; change < 10; change++) manager.stateChanged();
  await Promise.resolve();
  const states = carrier.messages.filter((message) => message.type === 'state');
  assert.equal(states.length, before + 1);
  assert.deepEqual(states.at(-1)?.viewers, [
    {
      id: ada.publicId,
      name: 'ada',
      role: 'owner',
      inControl: true,
      asking: false,
      player: false,
      carrier: 'websocket',
    },
  ]);
});

test('an echo request comes back on its lane with the appliance’s time', () => {
  const ada = viewer('ada');
  const carrier = new FakeCarrier().open(ada);
  ada.carrierBinary(carrier, encodeEchoRequest(7), 'fast');
  const reply = carrier.binaries.at(-1);
  assert.equal(reply?.lane, 'fast');
  assert.deepEqual(decodeEchoReply(reply?.bytes ?? new Uint8Array()), {
    id: 7,
    applianceTimeUs: 42,
  });
});

test('a viewer that breaks the protocol loses its carrier; others keep theirs', () => {
  const ada = viewer('ada');
  const bad = new FakeCarrier().open(ada);
  const good = new FakeCarrier().open(viewer('lin'));
  ada.carrierBinary(bad, Uint8Array.of(0x01, 0xff), 'reliable');
  assert.equal(bad.closedWith, 'protocol-error');
  assert.equal(good.closedWith, null);
});

test('close ends all sessions and refuses new ones', () => {
  const carrier = new FakeCarrier().open(viewer('ada'));
  manager.close();
  assert.equal(carrier.closedWith, 'shutting-down');
  assert.equal(manager.size, 0);
  assert.throws(() => viewer('lin'), { code: 'shutting-down' });
});
