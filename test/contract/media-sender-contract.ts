import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { SrtpKeys } from '../../native/index.js';
import type { NegotiatedVideo } from '../../server/webrtc/answer.js';
import type { MediaSender, MediaStreamState } from '../../server/webrtc/media-sender.js';
import { nalUnits, readPictures } from '../integration/webrtc/pictures.js';
import { depacketize, parseRtp, type Rtp } from '../integration/webrtc/rtp-packets.js';
import { LoopbackReceiver, until } from './loopback-receiver.js';
import { SrtpReader } from './srtp-reader.js';

/** Makes a sender whose packets arrive at the receiver. */
export type CreateSender = (
  video: NegotiatedVideo,
  streams: MediaStreamState,
  keys: SrtpKeys,
  receiver: LoopbackReceiver,
) => MediaSender;

export const GCM_KEYS: SrtpKeys = {
  profile: 'AEAD_AES_128_GCM',
  masterKey: Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'),
  masterSalt: Buffer.from('a0a1a2a3a4a5a6a7a8a9aaab', 'hex'),
};
/** Of RFC 3711 appendix B.3. */
export const CM_KEYS: SrtpKeys = {
  profile: 'AES_CM_128_HMAC_SHA1_80',
  masterKey: Buffer.from('e1f97a0d3e018be0d64fa32c06de4139', 'hex'),
  masterSalt: Buffer.from('0ec675ad498afeebb6960b3aabe6', 'hex'),
};

export const VIDEO: NegotiatedVideo = {
  mid: 'video',
  payloadType: 108,
  rtxPayloadType: 109,
  midExtensionId: 9,
  playoutDelayExtensionId: 5,
};
const MEDIA = { ssrc: 0xf1234567, payloadType: 108, sequenceNumber: 65_530, rolloverCounter: 3 };
const RTX = { ssrc: 77, payloadType: 109, sequenceNumber: 65_535, rolloverCounter: 0 };
const ROLLOVERS = [0, 1, 2, 3, 4, 5];

const pictures = readPictures();

interface Received extends Rtp {
  index: number;
}

/** What every {@link MediaSender} does, with both protection profiles. */
export function describeMediaSender(name: string, create: CreateSender): void {
  for (const keys of [GCM_KEYS, CM_KEYS]) {
    describe(`${name} with ${keys.profile}`, () => contract(create, keys));
  }
}

function contract(create: CreateSender, keys: SrtpKeys): void {
  async function setUp(t: TestContext, streams: MediaStreamState = { media: MEDIA, rtx: RTX }) {
    const receiver = await LoopbackReceiver.open();
    const sender = create(VIDEO, streams, keys, receiver);
    t.after(() => {
      sender.close();
      receiver.close();
    });
    const reader = new SrtpReader(keys);
    const packets: Received[] = [];
    const received = (): Received[] => {
      for (const datagram of receiver.received.slice(packets.length)) {
        const { plain, index } = reader.read(datagram, ROLLOVERS);
        const packet = parseRtp(plain);
        assert.ok(packet);
        packets.push({ ...packet, index });
      }
      return packets;
    };
    const sent = (count: number) =>
      until(`${count} packets`, () => receiver.received.length >= count);
    return { receiver, sender, received, sent };
  }

  function picture(index: number): Uint8Array {
    const unit = pictures[index];
    assert.ok(unit);
    return unit.data;
  }

  it('sends the NAL units of each picture, with one index each across the wrap', async (t) => {
    const { sender, received } = await setUp(t);
    for (const [at, unit] of pictures.entries()) {
      assert.equal(sender.send(unit.data, at * 3000), true);
      await picturesArrived(received, at + 1);
    }
    const { media, complete } = sender.close();
    const packets = received();
    assert.deepEqual(
      depacketize(packets),
      pictures.flatMap((unit) => nalUnits(Buffer.from(unit.data))),
    );
    const first = MEDIA.rolloverCounter * 65_536 + MEDIA.sequenceNumber;
    assert.deepEqual(
      packets.map(({ index }) => index),
      packets.map((_, at) => first + at),
    );
    assert.ok(packets.length > 6, 'the sequence number has wrapped');
    const end = first + packets.length;
    assert.deepEqual(media, {
      ...MEDIA,
      sequenceNumber: end % 65_536,
      rolloverCounter: Math.floor(end / 65_536),
    });
    assert.equal(complete, true);
    for (const packet of packets) {
      assert.equal(packet.ssrc, MEDIA.ssrc);
      assert.equal(packet.payloadType, MEDIA.payloadType);
      assert.deepEqual(packet.extensions.get(5), Buffer.from([0, 0, 0]));
      assert.equal(packet.extensions.get(9)?.toString(), 'video');
    }
    assert.deepEqual(
      packets.filter(({ marker }) => marker).map(({ timestamp }) => timestamp),
      pictures.map((_, at) => at * 3000),
    );
    assert.equal(sender.stats.packets, packets.length);
    assert.equal(
      sender.stats.bytes,
      packets.reduce((bytes, { payload }) => bytes + payload.length, 0),
    );
  });

  it('repairs on the other stream, each time under a new index, and says what is gone', async (t) => {
    const { sender, received, sent } = await setUp(t);
    sender.send(picture(0), 1);
    await picturesArrived(received, 1);
    const media = [...received()];
    const numbers = [65_531, 65_531, 65_532];
    assert.equal(sender.retransmit([...numbers, 65_529, 20_000]), 2);
    await sent(media.length + numbers.length);
    const repairs = received().slice(media.length);
    assert.deepEqual(
      repairs.map(({ ssrc, payloadType, index }) => [ssrc, payloadType, index]),
      [0, 1, 2].map((at) => [RTX.ssrc, RTX.payloadType, RTX.sequenceNumber + at]),
    );
    for (const [at, repair] of repairs.entries()) {
      const original = media.find(({ sequenceNumber }) => sequenceNumber === numbers[at]);
      assert.ok(original);
      assert.equal(repair.payload.readUInt16BE(0), original.sequenceNumber);
      assert.deepEqual(repair.payload.subarray(2), original.payload);
      assert.equal(repair.timestamp, original.timestamp);
      assert.equal(repair.marker, original.marker);
    }
    assert.equal(sender.stats.retransmissions, 3);
    assert.deepEqual(sender.close().rtx, { ...RTX, sequenceNumber: 2, rolloverCounter: 1 });
  });

  it('without RTX repairs with the very same bytes', async (t) => {
    const { sender, receiver, received, sent } = await setUp(t, {
      media: { ...MEDIA, sequenceNumber: 100 },
      rtx: null,
    });
    sender.send(picture(0), 1);
    await picturesArrived(received, 1);
    const before = receiver.received.length;
    assert.equal(sender.retransmit([101]), 0);
    await sent(before + 1);
    assert.deepEqual(receiver.received[before], receiver.received[1]);
  });

  it('keeps 2048 packets', async (t) => {
    const { sender, received, receiver } = await setUp(t, {
      media: { ...MEDIA, sequenceNumber: 10 },
      rtx: RTX,
    });
    const small = picture(1);
    sender.send(small, 0);
    await picturesArrived(received, 1);
    const each = receiver.received.length;
    let pictureCount = 1;
    for (; pictureCount * each <= 2048; pictureCount++) {
      sender.send(small, pictureCount);
      await until('a picture', () => receiver.received.length === (pictureCount + 1) * each);
    }
    const next = 10 + pictureCount * each;
    assert.equal(sender.retransmit([next - 2048]), 0);
    assert.equal(sender.retransmit([next - 2049]), 1);
    assert.equal(sender.retransmit([next]), 1);
  });

  it('sends nothing after close, and closes again with the same numbers', async (t) => {
    const { sender, received, receiver } = await setUp(t);
    sender.send(picture(0), 1);
    await picturesArrived(received, 1);
    const numbers = sender.close();
    assert.equal(sender.send(picture(1), 2), false);
    assert.equal(sender.retransmit([65_531]), 0);
    assert.deepEqual(sender.close(), numbers);
    const before = receiver.received.length;
    await receiver.settled();
    assert.equal(receiver.received.length, before);
  });
}

function picturesArrived(received: () => Received[], count: number): Promise<void> {
  return until(
    `${count} pictures`,
    () => received().filter(({ marker }) => marker).length >= count,
  );
}
