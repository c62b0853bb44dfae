import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createMediaSender, type MediaSender } from '../../native/index.js';
import { LoopbackReceiver, until } from '../contract/loopback-receiver.js';
import { createSender, OPTIONS, PICTURE, PICTURE_PACKETS } from './media-sender-rig.js';

const NATIVE = fileURLToPath(new URL('../../../native/', import.meta.url));
const CLOSES = 10_000;

describe('the native media sender', () => {
  let receiver: LoopbackReceiver;
  // One for each test: what the one before has sent may still arrive.
  beforeEach(async () => {
    receiver = await LoopbackReceiver.open();
  });
  afterEach(() => receiver.close());

  it('names what is wrong with its arguments', () => {
    const wrong: Array<[object, RegExp]> = [
      [{ media: { ...OPTIONS.media, ssrc: -1 } }, /options\.media\.ssrc/],
      [{ media: { ...OPTIONS.media, payloadType: 128 } }, /options\.media\.payloadType/],
      [{ rtx: undefined }, /options\.rtx/],
      [{ keys: { ...OPTIONS.keys, profile: 'NULL' } }, /options\.keys\.profile/],
      [{ keys: { ...OPTIONS.keys, masterKey: Buffer.alloc(15) } }, /options\.keys\.masterKey/],
      [{ keys: { ...OPTIONS.keys, masterSalt: Buffer.alloc(14) } }, /options\.keys\.masterSalt/],
      [{ extension: Buffer.alloc(5) }, /options\.extension/],
      [{ mostPayloadBytes: 10 }, /options\.mostPayloadBytes/],
      [{ historyPackets: 40_000 }, /options\.historyPackets/],
    ];
    for (const [options, message] of wrong) {
      assert.throws(() => createMediaSender({ ...OPTIONS, ...options }), { message });
    }
    const sender = createSender();
    const { route } = receiver;
    assert.throws(() => sender.setRoute({ ...route, address: 'localhost' }), { code: 'EINVAL' });
    assert.throws(() => sender.setRoute({ ...route, port: 0 }), /route\.port/);
    const fd = openSync('/dev/null', 'r');
    closeSync(fd);
    assert.throws(() => sender.setRoute({ ...route, fd }), { code: 'EBADF' });
    assert.throws(() => sender.send('picture' as unknown as Buffer, 0), /unit/);
    assert.throws(() => sender.send(PICTURE, 2 ** 32), /timestamp/);
    assert.throws(() => sender.retransmit([70_000]), /sequenceNumbers/);
    assert.throws(() => sender.setPace(0), /bitrateBps/);
    sender.close();
  });

  it('takes every call in every state', () => {
    const calls = (sender: MediaSender) => {
      sender.send(PICTURE, 1);
      sender.send(new Uint8Array(0), 1);
      sender.send(Buffer.from([0, 0, 1]), 1);
      sender.send(Buffer.from([1, 2, 3, 4, 5]), 1);
      sender.retransmit([0, 1, 65_535]);
      sender.setRoute(receiver.route);
      sender.setPace(1);
      sender.setPace(null);
      sender.stats();
    };
    const sender = createSender();
    calls(sender);
    calls(sender);
    sender.close();
    calls(sender);
    sender.close();
  });

  it('without a route counts what cannot leave', async () => {
    const sender = createSender();
    sender.send(PICTURE, 1);
    await until('errors', () => sender.stats().sendErrors === PICTURE_PACKETS);
    sender.close();
  });

  it('goes on when the owner of the socket has closed it', async () => {
    const own = await LoopbackReceiver.open();
    const sender = createSender();
    sender.setRoute({ ...own.route, address: receiver.route.address, port: receiver.route.port });
    own.close();
    sender.send(PICTURE, 1);
    await until('the picture', () => receiver.received.length === PICTURE_PACKETS);
    receiver.received.length = 0;
    sender.close();
  });

  it('puts the channel of a TURN server in front of each packet', async () => {
    const sender = createSender();
    const whole: number[] = [];
    for (const channel of [0, 0x4001]) {
      sender.setRoute({ ...receiver.route, channel });
      sender.send(PICTURE, 1);
      await until('the picture', () => receiver.received.length === PICTURE_PACKETS);
      const [first] = receiver.received.splice(0);
      assert.ok(first);
      whole.push(first.length);
      if (channel === 0) continue;
      assert.equal(first.readUInt16BE(0), channel);
      assert.equal(first.readUInt16BE(2), first.length - 4);
      assert.equal(first[4], 0x80);
    }
    assert.equal(whole[1], (whole[0] ?? 0) + 4);
    sender.close();
  });

  describe('at a pace', () => {
    /** A picture takes half a second, as long as pictures wait at most. */
    const SLOW_BPS = 1000;

    /** A loaded machine may look away for as long: it may need several looks. */
    async function seenOnce(name: string, look: (sender: MediaSender) => Promise<boolean>) {
      for (let round = 0; round < 20; round++) {
        const sender = createSender();
        sender.setRoute(receiver.route);
        sender.setPace(SLOW_BPS);
        sender.send(PICTURE, 1);
        const seen = await look(sender);
        sender.close();
        await receiver.settled();
        receiver.received.length = 0;
        if (seen) return;
      }
      assert.fail(`never seen: ${name}`);
    }

    const all = (packets: number) =>
      until('the rest', () => receiver.received.length === packets).then(() =>
        receiver.received.splice(0),
      );

    it('what goes beside a picture does not wait for it, and all of it arrives', async () => {
      await seenOnce('an unfinished picture', async (sender) => {
        await until('the beginning', () => receiver.received.length > 0);
        await receiver.settled();
        const unfinished = receiver.received.length < PICTURE_PACKETS && sender.stats().pacedMs > 0;
        const numbers = (await all(PICTURE_PACKETS)).map((datagram) => datagram.readUInt16BE(2));
        assert.deepEqual(numbers, [...numbers.keys()]);
        await until('nothing waits', () => sender.stats().queuedBytes === 0);
        assert.equal(sender.stats().pacedMs, 0);
        assert.equal(sender.close().complete, true);
        return unfinished;
      });
    });

    it('repairs overtake it', async () => {
      await seenOnce('a repair before the end of the picture', async (sender) => {
        await until('the beginning', () => sender.stats().packets === PICTURE_PACKETS);
        sender.retransmit([0]);
        const types = (await all(PICTURE_PACKETS + 1)).map((datagram) => (datagram[1] ?? 0) & 0x7f);
        const repairAt = types.indexOf(OPTIONS.rtx?.payloadType ?? -1);
        assert.ok(repairAt >= 0);
        return repairAt < PICTURE_PACKETS;
      });
    });

    it('what waits leaves where it was to go, before what follows a new route', async () => {
      const other = await LoopbackReceiver.open();
      await seenOnce('a new route while a picture waits', async (sender) => {
        const waits = sender.stats().queuedBytes > 0;
        sender.setRoute(other.route);
        sender.send(PICTURE, 2);
        assert.equal((await all(PICTURE_PACKETS)).length, PICTURE_PACKETS);
        await until('the other', () => other.received.length === PICTURE_PACKETS);
        other.received.length = 0;
        return waits;
      });
      other.close();
    });

    it('what waits is dropped by close(), which says so', async () => {
      await seenOnce('an unfinished picture', async (sender) => {
        const { media, complete } = sender.close();
        assert.equal(media.sequenceNumber, sender.stats().packets);
        await receiver.settled();
        assert.equal(complete, receiver.received.length === PICTURE_PACKETS);
        return !complete;
      });
    });
  });

  for (const mood of ['segments', 'no-segments', 'paced']) {
    it(`loses and doubles nothing when the socket is full now and then (${mood})`, () => {
      // Without the sanitizers that the test itself may run under.
      const { LD_PRELOAD: preloaded, ...env } = process.env;
      execFileSync('make', ['-s', '-C', NATIVE, 'flaky-sendmmsg'], { env });
      const module = fileURLToPath(new URL('./flaky-process.js', import.meta.url));
      const preload = [preloaded, `${NATIVE}build/flaky-sendmmsg.so`].filter(Boolean).join(' ');
      const output = execFileSync(process.execPath, [module], {
        env: { ...env, LD_PRELOAD: preload, FLAKY: mood },
        encoding: 'utf8',
        timeout: 60_000,
      });
      const { order, ...rest } = JSON.parse(output) as { order: number[] };
      assert.deepEqual(rest, { sendErrors: 0, queuedBytes: 0, complete: true });
      assert.deepEqual(
        order,
        Array.from({ length: 60 * PICTURE_PACKETS }, (_, at) => at),
      );
    });
  }

  it(`may be closed ${CLOSES} times while it sends, and nothing leaves after that`, async () => {
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    for (let round = 0; round < CLOSES; round++) {
      const sender = createSender();
      sender.setRoute(receiver.route);
      sender.send(PICTURE, round);
      // Sometimes the thread has begun, sometimes not.
      for (let spin = 0; spin < round % 50; spin++) sender.stats();
      sender.retransmit([0, 1]);
      const { media, rtx, complete } = sender.close();
      const { packets, retransmissions } = sender.stats();
      assert.equal(media.sequenceNumber, packets);
      assert.equal(rtx?.sequenceNumber, retransmissions);
      if (complete) assert.equal(packets, PICTURE_PACKETS);
    }
    assert.ok(descriptors() <= before + 1, 'descriptors are closed');
    await receiver.settled();
    receiver.received.length = 0;
    await receiver.settled();
    assert.equal(receiver.received.length, 0);
  });

  for (const way of ['exit while sending', 'let the loop end', 'exit with a worker that sends']) {
    it(`does not disturb the end of the process: ${way}`, () => {
      const module = fileURLToPath(new URL('./media-sender-exit-process.js', import.meta.url));
      const { status, signal, stderr } = spawnSync(process.execPath, [module, way], {
        encoding: 'utf8',
        timeout: 30_000,
      });
      assert.deepEqual([status, signal], [0, null], stderr);
    });
  }
});
