import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rtpTimestamp } from '../../../server/protocol/access-unit.js';
import type { Peer } from '../../../server/webrtc/peer.js';
import { connectViewer, createTestFactory } from './connected-viewer.js';
import { nalUnits, readPictures } from './pictures.js';
import { H264, MID_ID, PLAYOUT_DELAY_ID, RTX } from './rtc-viewer.js';
import { depacketize, fir, nack, pli, receiverReport, remb } from './rtp-packets.js';
import { isMedia } from './udp-wire.js';

const pictures = readPictures();

function picture(index: number) {
  const unit = pictures[index];
  assert.ok(unit);
  return unit;
}

for (const mediaSender of ['native', 'werift'] as const) {
  describe(`pictures by the ${mediaSender} sender`, () => pictureSuite(mediaSender));
}

function pictureSuite(mediaSender: 'native' | 'werift'): void {
  test('a viewer gets the same NAL units back, byte for byte, with playout-delay 0/0 on each packet', async (t) => {
    const { viewer, carrier, ssrc } = await connectViewer(t, createTestFactory(t, { mediaSender }));
    for (const unit of pictures) carrier.sendAccessUnit(unit);
    const last = rtpTimestamp(picture(23).timestampUs);
    await viewer.changed.until('the last picture has come', () =>
      viewer.received.some(({ marker, timestamp }) => marker && timestamp === last),
    );
    const expected = pictures.flatMap((unit) => nalUnits(Buffer.from(unit.data)));
    assert.deepEqual(depacketize(viewer.media()), expected);
    assert.equal((carrier as Peer).mediaWay, mediaSender === 'native' ? 'direct' : 'indirect');
    for (const packet of viewer.received) {
      assert.equal(packet.payloadType, H264);
      assert.equal(packet.ssrc, ssrc);
      assert.deepEqual(packet.extensions.get(PLAYOUT_DELAY_ID), Buffer.from([0, 0, 0]));
      assert.equal(packet.extensions.get(MID_ID)?.toString(), 'video');
    }
    const markers = viewer.media().filter(({ marker }) => marker);
    assert.deepEqual(
      markers.map(({ timestamp }) => timestamp),
      pictures.map(({ timestampUs }) => rtpTimestamp(timestampUs)),
    );
  });

  test('pictures before the first keyframe are dropped and a keyframe is asked for', async (t) => {
    const { viewer, carrier, owner } = await connectViewer(
      t,
      createTestFactory(t, { mediaSender }),
    );
    carrier.sendAccessUnit(picture(5));
    carrier.sendAccessUnit(picture(6));
    assert.equal(owner.keyframeRequests, 1);
    carrier.sendAccessUnit(picture(12));
    const expected = rtpTimestamp(picture(12).timestampUs);
    await viewer.changed.until('the keyframe has come', () => viewer.media().some((p) => p.marker));
    assert.ok(viewer.received.every(({ timestamp }) => timestamp === expected));
  });

  test('werift pitfall: its history of 128 packets; what was lost 300 packets ago is repaired', async (t) => {
    const { viewer, carrier, wire, ssrc, owner } = await connectViewer(
      t,
      createTestFactory(t, { mediaSender }),
    );
    let media = 0;
    wire.keep = (datagram) => !isMedia(datagram) || media++ !== 2;
    carrier.sendAccessUnit(picture(0));
    for (let sent = 1; sent <= 300; sent++) {
      carrier.sendAccessUnit(picture(1 + (sent % 11)));
      // Socket buffers hold about 100 packets.
      await viewer.changed.until(
        'the picture has come',
        () => viewer.received.filter(({ marker }) => marker).length > sent,
      );
    }
    const lost = (viewer.media()[0]?.sequenceNumber ?? 0) + 2;
    viewer.sendRtcp(nack(ssrc, [lost]));
    await viewer.changed.until('the lost packet has come', () =>
      viewer.media().some(({ sequenceNumber }) => sequenceNumber === lost),
    );
    assert.equal(viewer.received.filter(({ payloadType }) => payloadType === RTX).length, 1);
    assert.equal(owner.keyframeRequests, 0);
  });

  test('the last packet before stillness is lost, and the picture still arrives', async (t) => {
    const { viewer, carrier, wire, ssrc } = await connectViewer(
      t,
      createTestFactory(t, { mediaSender }),
    );
    const lastPicture = rtpTimestamp(picture(1).timestampUs);
    wire.keep = (datagram) =>
      !isMedia(datagram) ||
      datagram.readUInt32BE(4) !== lastPicture ||
      ((datagram[1] ?? 0) & 0x7f) === RTX;
    carrier.sendAccessUnit(picture(0));
    carrier.sendAccessUnit(picture(1));
    // The pipeline repeats the picture 50 ms after motion has ended: this is what shows the gap.
    const repeat = rtpTimestamp(picture(2).timestampUs);
    carrier.sendAccessUnit(picture(2));
    await viewer.changed.until('the repeat has come', () =>
      viewer.received.some(({ timestamp }) => timestamp === repeat),
    );
    const numbers = viewer.media().map(({ sequenceNumber }) => sequenceNumber);
    const gaps = numbers.map((number) => number - 1).filter((number) => !numbers.includes(number));
    viewer.sendRtcp(nack(ssrc, gaps.slice(1)));
    const expected = pictures.slice(0, 3).flatMap((unit) => nalUnits(Buffer.from(unit.data)));
    await viewer.changed.until(
      'all pictures are complete',
      () => depacketize(viewer.media()).length === expected.length,
    );
    assert.deepEqual(depacketize(viewer.media()), expected);
  });

  test('werift pitfall: compound RTCP; a NACK followed by others repairs only what it names', async (t) => {
    const { viewer, carrier, ssrc, owner } = await connectViewer(
      t,
      createTestFactory(t, { mediaSender }),
    );
    carrier.sendAccessUnit(picture(0));
    await viewer.changed.until('the keyframe has come', () => viewer.media().some((p) => p.marker));
    const wanted = viewer.media()[1]?.sequenceNumber ?? 0;
    viewer.sendRtcp(
      receiverReport(ssrc, 64),
      nack(ssrc, [wanted]),
      remb(ssrc, 3_000_000),
      pli(ssrc),
    );
    await owner.changed.until('a keyframe is asked for', () => owner.keyframeRequests === 1);
    const { feedback } = carrier as Peer;
    assert.equal(feedback?.lossFraction, 0.25);
    assert.equal(feedback?.jitterMs, 10);
    const estimate = feedback?.estimatedBitrateBps ?? 0;
    assert.ok(Math.abs(estimate - 3_000_000) < 100, String(estimate));
    await viewer.changed.until('the repair has come', () =>
      viewer.received.some(({ payloadType }) => payloadType === RTX),
    );
    const { mediaStats } = carrier as Peer;
    assert.equal(mediaStats?.retransmissions, 1);
    assert.equal(mediaStats?.historyMisses, 0);
    assert.equal(mediaStats?.pictureLossIndications, 1);
    const repairs = viewer.received.filter(({ payloadType }) => payloadType === RTX);
    assert.deepEqual(
      repairs.map(({ payload }) => payload.readUInt16BE(0)),
      [wanted],
    );
  });

  test('werift pitfall: a NACK for what is gone asks for a keyframe at once', async (t) => {
    const { viewer, carrier, ssrc, owner } = await connectViewer(
      t,
      createTestFactory(t, { mediaSender }),
    );
    carrier.sendAccessUnit(picture(0));
    await viewer.changed.until('the keyframe has come', () => viewer.media().some((p) => p.marker));
    const first = viewer.media()[0]?.sequenceNumber ?? 0;
    viewer.sendRtcp(nack(ssrc, [(first - 3) & 0xffff]));
    await owner.changed.until('a keyframe is asked for', () => owner.keyframeRequests === 1);
    assert.equal((carrier as Peer).mediaStats?.historyMisses, 1);
  });

  test('werift pitfall: FIR, which its router loses, asks for a keyframe once per number', async (t) => {
    const { viewer, carrier, ssrc, owner } = await connectViewer(
      t,
      createTestFactory(t, { mediaSender }),
    );
    carrier.sendAccessUnit(picture(0));
    await viewer.changed.until('the keyframe has come', () => viewer.media().some((p) => p.marker));
    viewer.sendRtcp(receiverReport(ssrc, 0), fir(ssrc, 7));
    await owner.changed.until('a keyframe is asked for', () => owner.keyframeRequests === 1);
    carrier.sendAccessUnit(picture(12));
    viewer.sendRtcp(receiverReport(ssrc, 0), fir(ssrc, 7), pli(ssrc));
    await owner.changed.until('the PLI is heard', () => owner.keyframeRequests === 2);
    assert.equal((carrier as Peer).mediaStats?.fullIntraRequests, 1);
  });

  test('without RTX a lost packet comes again under its own number', async (t) => {
    const { viewer, carrier, wire, ssrc } = await connectViewer(
      t,
      createTestFactory(t, { mediaSender }),
      {
        rtx: false,
      },
    );
    let media = 0;
    wire.keep = (datagram) => !isMedia(datagram) || media++ !== 1;
    carrier.sendAccessUnit(picture(0));
    await viewer.changed.until('the keyframe ends', () => viewer.media().some((p) => p.marker));
    const lost = (viewer.media()[0]?.sequenceNumber ?? 0) + 1;
    viewer.sendRtcp(nack(ssrc, [lost]));
    await viewer.changed.until('the packet has come', () =>
      viewer.received.some((p) => p.sequenceNumber === lost && p.payloadType === H264),
    );
    assert.deepEqual(depacketize(viewer.media()), nalUnits(Buffer.from(picture(0).data)));
  });

  test('sender reports go out, and the round trip follows from what the receiver answers', async (t) => {
    const { viewer, carrier, ssrc, owner } = await connectViewer(
      t,
      createTestFactory(t, { mediaSender }),
    );
    carrier.sendAccessUnit(picture(0));
    await viewer.changed.until('a sender report has come', () => viewer.senderReport !== null);
    const report = viewer.senderReport ?? Buffer.alloc(0);
    assert.equal(report.readUInt32BE(4), ssrc);
    assert.equal(report.readUInt32BE(16), rtpTimestamp(picture(0).timestampUs));
    viewer.sendRtcp(receiverReport(ssrc, 0, report.readUInt32BE(10), 0), pli(ssrc));
    await owner.changed.until('the report was read', () => owner.keyframeRequests === 1);
    const roundTripMs = (carrier as Peer).feedback?.roundTripMs ?? -1;
    assert.ok(roundTripMs >= 0 && roundTripMs < 15_000, String(roundTripMs));
  });
}
