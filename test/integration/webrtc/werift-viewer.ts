import type { TestContext } from 'node:test';
import {
  type RTCDataChannel,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  type RTCSctpTransport,
} from 'werift';
import type { WebRtcCarrier } from '../../../server/session/carrier.js';
import type { PeerFactory } from '../../../server/webrtc/peer-factory.js';
import { RecordingOwner } from './recording-owner.js';

/** A viewer by werift, for what libdatachannel cannot do: restart ICE, send what no browser sends. */
export interface WeriftViewer {
  peer: RTCPeerConnection;
  reliable: RTCDataChannel;
  sctp: RTCSctpTransport;
  carrier: WebRtcCarrier;
  owner: RecordingOwner;
}

/** Connects a werift viewer directly; closed after the test. */
export async function connectWeriftViewer(
  t: TestContext,
  factory: PeerFactory,
  transport: 'udp' | 'tcp' = 'udp',
): Promise<WeriftViewer> {
  const peer = new RTCPeerConnection({
    bundlePolicy: 'max-bundle',
    iceServers: [],
    iceUseTcp: transport === 'tcp',
    iceAdditionalHostAddresses: ['127.0.0.1'],
    codecs: {
      audio: [],
      video: [
        new RTCRtpCodecParameters({
          mimeType: 'video/H264',
          clockRate: 90_000,
          parameters: 'packetization-mode=1;profile-level-id=42e01f',
          rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
        }),
      ],
    },
  });
  t.after(() => peer.close());
  const reliable = peer.createDataChannel('kvm.reliable');
  peer.addTransceiver('video', { direction: 'recvonly' });
  for (const { connection } of peer.iceTransports) delete connection.stunServer;
  await peer.setLocalDescription(await peer.createOffer());
  const owner = new RecordingOwner();
  const others = new RegExp(`^a=candidate:\\S+ 1 (?!${transport} ).*\\r\\n`, 'gm');
  const offer = (peer.localDescription?.sdp ?? '').replace(others, '');
  const carrier = await factory.answer(offer, owner);
  const sdp = carrier.answerSdp.replace(others, '');
  await peer.setRemoteDescription({ type: 'answer', sdp });
  await owner.changed.until('the carrier is open', () => owner.opened === 1);
  const sctp = peer.sctpTransport;
  if (!sctp) throw new Error('the viewer has no SCTP transport');
  return { peer, reliable, sctp, carrier, owner };
}
