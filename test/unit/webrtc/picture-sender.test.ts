import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { AccessUnit } from '../../../server/protocol/access-unit.js';
import type { MediaStreamState } from '../../../server/webrtc/media-sender.js';
import { NativeMediaSender } from '../../../server/webrtc/native-media-sender.js';
import { PictureSender } from '../../../server/webrtc/picture-sender.js';
import {
  MediaInternals,
  type SelectedRoute,
} from '../../../server/webrtc/werift-media-internals.js';
import { LoopbackReceiver, until } from '../../contract/loopback-receiver.js';
import { CM_KEYS, GCM_KEYS, VIDEO } from '../../contract/media-sender-contract.js';
import { SrtpReader } from '../../contract/srtp-reader.js';
import { createWeriftSender, fakeDtls } from './fake-dtls.js';

const MEDIA_SSRC = 0x80000001;
const RTX_SSRC = 0x80000002;
/** A run reaches at most one wrap. */
const ROLLOVERS = [0, 1, 2, 3];

type Step =
  | { kind: 'picture'; packets: number; keyframe: boolean }
  | { kind: 'lost'; before: number[] }
  | { kind: 'wait' }
  | { kind: 'pace'; bitrateBps: number | null }
  | { kind: 'route'; to: 'here' | 'there' | 'indirect' | 'none' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'wait' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pace' as const),
      bitrateBps: fc.constantFrom(null, 100_000, 100_000_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('picture' as const),
      packets: fc.integer({ min: 1, max: 5 }),
      keyframe: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('lost' as const),
      before: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 10 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('route' as const),
      to: fc.constantFrom('here' as const, 'there' as const, 'indirect' as const, 'none' as const),
    }),
  },
);

describe('pictures follow the selected pair', () => {
  let here: LoopbackReceiver;
  let there: LoopbackReceiver;

  before(async () => {
    here = await LoopbackReceiver.open('udp4');
    there = await LoopbackReceiver.open('udp6');
  });
  after(() => {
    here.close();
    there.close();
  });

  /** A sender whose pair the test chooses; by way of werift, packets arrive "here" too. */
  function start(keys: typeof GCM_KEYS, streams: MediaStreamState) {
    const dtls = fakeDtls(keys);
    const internals = new MediaInternals(dtls);
    let route: SelectedRoute = null;
    let keyframeRequests = 0;
    const byWerift: Buffer[] = [];
    const sender = new PictureSender({
      streams,
      route: () => route,
      keys: () => internals.keys(),
      createDirect: (numbers, ownKeys) => new NativeMediaSender(VIDEO, numbers, ownKeys),
      createIndirect: (numbers) =>
        createWeriftSender(VIDEO, numbers, internals, (payload, header) => {
          byWerift.push(dtls.srtp.encrypt(payload, header));
        }),
      directFailed: (error) => assert.fail(String(error)),
      needKeyframe: () => {
        keyframeRequests++;
      },
    });
    const select = (to: 'here' | 'there' | 'indirect' | 'none') => {
      const routes = {
        here: here.route,
        there: there.route,
        indirect: 'indirect',
        none: null,
      } as const;
      route = routes[to];
    };
    return { sender, select, byWerift, requests: () => keyframeRequests };
  }

  /** Everything that left, in no order. */
  async function collect(byWerift: readonly Buffer[]): Promise<Buffer[]> {
    await here.settled();
    await there.settled();
    return [...byWerift, ...here.received.splice(0), ...there.received.splice(0)];
  }

  for (const keys of [GCM_KEYS, CM_KEYS]) {
    it(`never protects two packets under one index, whatever happens (${keys.profile})`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }),
          fc.integer({ min: 65_515, max: 65_535 }),
          fc.integer({ min: 0, max: 2 }),
          fc.boolean(),
          async (steps, sequenceNumber, rolloverCounter, withRtx) => {
            const numbers = { payloadType: 108, sequenceNumber, rolloverCounter };
            const { sender, select, byWerift } = start(keys, {
              media: { ...numbers, ssrc: MEDIA_SSRC },
              rtx: withRtx ? { ...numbers, payloadType: 109, ssrc: RTX_SSRC } : null,
            });
            select('here');
            for (const one of steps) {
              if (one.kind === 'route') select(one.to);
              else if (one.kind === 'pace') sender.pace(one.bitrateBps);
              else if (one.kind === 'wait') await here.settled();
              else if (one.kind === 'lost') {
                const next = sequenceNumber + sender.stats.packets;
                sender.retransmit(one.before.map((distance) => (next - distance) & 0xffff));
              } else sender.sendAccessUnit(picture(one.packets, one.keyframe));
            }
            sender.close();
            const first = rolloverCounter * 65_536 + sequenceNumber;
            const byIndex = new Map<string, Buffer>();
            const reader = new SrtpReader(keys);
            for (const datagram of await collect(byWerift)) {
              const { ssrc, index, plain } = reader.read(datagram, ROLLOVERS);
              assert.ok(index >= first && index < first + 1000, `index ${index} after ${first}`);
              const known = byIndex.get(`${ssrc} ${index}`);
              if (known) assert.deepEqual(plain, known, `two packets under ${ssrc} ${index}`);
              byIndex.set(`${ssrc} ${index}`, plain);
            }
          },
        ),
        { numRuns: 300 },
      );
    });
  }

  it('hands the numbers over in both directions without a gap', async () => {
    const numbers = { sequenceNumber: 65_530, rolloverCounter: 1 };
    const { sender, select, byWerift, requests } = start(GCM_KEYS, {
      media: { ...numbers, payloadType: 108, ssrc: MEDIA_SSRC },
      rtx: { ...numbers, payloadType: 109, ssrc: RTX_SSRC },
    });
    const ways: Array<string | null> = [];
    const reader = new SrtpReader(GCM_KEYS);
    const indexes: number[] = [];
    // The second hand-over is at the wrap.
    for (const way of ['indirect', 'here', 'indirect', 'there', 'none', 'here'] as const) {
      select(way);
      assert.equal(sender.sendAccessUnit(picture(3, indexes.length === 0)), true);
      ways.push(sender.way);
      const expected = indexes.length + 3;
      const arrived = () => [...here.received, ...there.received, ...byWerift];
      await until('the packets', () => {
        indexes.push(...arrived().map((datagram) => reader.read(datagram, ROLLOVERS).index));
        here.received.length = 0;
        there.received.length = 0;
        byWerift.length = 0;
        return indexes.length === expected;
      });
    }
    assert.deepEqual(ways, ['indirect', 'direct', 'indirect', 'direct', 'direct', 'direct']);
    assert.deepEqual(
      indexes,
      indexes.map((_, at) => 65_536 + 65_530 + at),
    );
    assert.equal(requests(), 0);
    assert.deepEqual([sender.stats.packets, sender.stats.accessUnits], [18, 6]);
    // The history stays behind.
    sender.retransmit([0]);
    assert.equal(requests(), 1);
    assert.equal(sender.stats.historyMisses, 1);
    sender.close();
  });

  it('drops pictures until a keyframe comes, and asks for one', () => {
    const numbers = { sequenceNumber: 1, rolloverCounter: 0 };
    const { sender, select, requests } = start(GCM_KEYS, {
      media: { ...numbers, payloadType: 108, ssrc: MEDIA_SSRC },
      rtx: null,
    });
    select('none');
    assert.equal(sender.sendAccessUnit(picture(1, true)), false, 'no pair was ever selected');
    select('here');
    assert.equal(sender.sendAccessUnit(picture(1, false)), false);
    assert.equal(requests(), 2);
    assert.equal(sender.sendAccessUnit(picture(1, true)), true);
    assert.equal(sender.sendAccessUnit(picture(1, false)), true);
    assert.deepEqual([sender.stats.droppedAccessUnits, sender.stats.accessUnits], [2, 2]);
    sender.close();
    assert.equal(sender.sendAccessUnit(picture(1, true)), false);
  });
});

let made = 0;

/** An access unit of one NAL unit that fills this many packets, never twice the same. */
function picture(packets: number, keyframe: boolean): AccessUnit {
  const data = Buffer.alloc(packets === 1 ? 20 : 5 + (packets - 1) * 1198 + 10, ++made % 200 || 1);
  data.writeUInt32BE(1);
  data[4] = keyframe ? 0x65 : 0x41;
  data[data.length - 1] = 0x80;
  return { data, keyframe, timestampUs: made * 33_333, number: made, width: 16, height: 16 };
}
