import type { TestContext } from 'node:test';
import { silentLogger } from '../../../server/logger.js';
import type { WebRtcCarrier } from '../../../server/session/carrier.js';
import { makeDtlsCertificate } from '../../../server/webrtc/dtls-certificate.js';
import { createPeerFactory, type PeerFactory } from '../../../server/webrtc/peer-factory.js';
import type { PeerOptions } from '../../../server/webrtc/peer-options.js';
import { RecordingOwner } from './recording-owner.js';
import { RtcViewer, type RtcViewerOptions } from './rtc-viewer.js';
import { UdpWire } from './udp-wire.js';

const dtlsCertificate = await makeDtlsCertificate(Date.now());

/** A factory that also offers loopback; closed after the test. */
export function createTestFactory(t: TestContext, options: Partial<PeerOptions> = {}): PeerFactory {
  const factory = createPeerFactory({
    logger: silentLogger,
    dtlsCertificate,
    extraHosts: ['127.0.0.1'],
    ...options,
  });
  t.after(() => factory.close());
  return factory;
}

/** A viewer whose carrier is open, with a wire between them that can lose datagrams. */
export interface ConnectedViewer {
  viewer: RtcViewer;
  carrier: WebRtcCarrier;
  owner: RecordingOwner;
  wire: UdpWire;
  /** SSRC of the pictures, from the answer. */
  ssrc: number;
}

/** Connects a libdatachannel viewer through a wire. */
export async function connectViewer(
  t: TestContext,
  factory: PeerFactory,
  options: RtcViewerOptions = {},
): Promise<ConnectedViewer> {
  const wire = await UdpWire.open();
  const viewer = new RtcViewer(options);
  const owner = new RecordingOwner();
  t.after(() => {
    viewer.close();
    wire.close();
  });
  const offer = (await viewer.offer()).replace(/a=candidate:[^\r\n]*\r\n/g, '');
  const carrier = await factory.answer(offer, owner);
  viewer.accept(wire.route(carrier.answerSdp));
  await owner.changed.until('the carrier is open', () => owner.opened === 1);
  const ssrc = Number(/a=ssrc:(\d+) /.exec(carrier.answerSdp)?.[1]);
  return { viewer, carrier, owner, wire, ssrc };
}
