import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { rtpTimestamp } from '../../../server/protocol/access-unit.js';
import type { Peer } from '../../../server/webrtc/peer.js';
import { iceSource } from '../../fakes/ice-source.js';
import { UdpTurn } from '../../fakes/udp-turn.js';
import { createTestFactory } from './connected-viewer.js';
import { nalUnits, readPictures } from './pictures.js';
import { RecordingOwner } from './recording-owner.js';
import { RtcViewer } from './rtc-viewer.js';
import { depacketize } from './rtp-packets.js';

const pictures = readPictures();

/** A viewer that the appliance reaches through its relay only. */
async function connect(t: TestContext) {
  const turn = await UdpTurn.open();
  const viewer = new RtcViewer();
  t.after(() => {
    viewer.close();
    turn.close();
  });
  const ice = iceSource([`turn:127.0.0.1:${turn.port}`], { policy: 'relay' });
  const owner = new RecordingOwner();
  const factory = createTestFactory(t, { ice });
  const carrier = (await factory.answer(await viewer.offer(), owner)) as Peer;
  assert.match(carrier.answerSdp, /typ relay/);
  assert.doesNotMatch(carrier.answerSdp, /typ host/);
  viewer.accept(carrier.answerSdp);
  await owner.changed.until('the carrier is open', () => owner.opened === 1);
  return { turn, viewer, carrier };
}

/** Sends all pictures and waits until the viewer has them as they were. */
async function watch({ viewer, carrier }: Awaited<ReturnType<typeof connect>>): Promise<void> {
  for (const unit of pictures) carrier.sendAccessUnit(unit);
  const last = rtpTimestamp(pictures.at(-1)?.timestampUs ?? 0);
  await viewer.changed.until('the last picture has come', () =>
    viewer.received.some(({ marker, timestamp }) => marker && timestamp === last),
  );
  assert.deepEqual(
    depacketize(viewer.media()),
    pictures.flatMap((unit) => nalUnits(Buffer.from(unit.data))),
  );
  assert.equal(carrier.mediaStats?.sendErrors, 0);
}

test('through a relay by UDP pictures go past werift, in its channel', async (t) => {
  const connected = await connect(t);
  const before = connected.turn.counts.channelData;
  await watch(connected);
  assert.equal(connected.carrier.mediaWay, 'direct');
  const carried = connected.turn.counts.channelData - before;
  assert.ok(carried >= connected.viewer.media().length, `${carried} in the channel`);
});
