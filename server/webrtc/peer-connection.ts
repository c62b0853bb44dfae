import type * as Werift from 'werift';
import { MID_URI, PLAYOUT_DELAY_URI } from './offer.js';
import type { PeerOptions } from './peer-options.js';

/** DTLS numbers (RFC 5246 section 7.4.1.4.1): SHA-256 with ECDSA. */
const SIGNATURE_HASH = { hash: 4, signature: 3 } as const;

/** A werift connection that can only do what the appliance does: send one H.264 video, carry data channels. */
export function createPeerConnection(
  werift: typeof Werift,
  options: PeerOptions,
): Werift.RTCPeerConnection {
  const { dtlsCertificate, udpPorts, extraHosts, iceServers } = options;
  const extension = (uri: string) => new werift.RTCRtpHeaderExtensionParameters({ uri });
  return new werift.RTCPeerConnection({
    // Without it werift leaves a socket open per connection.
    bundlePolicy: 'max-bundle',
    iceServers: (iceServers ?? []).map((server) => ({ ...server, urls: [...server.urls] })),
    iceStunGatherTimeout: 1,
    codecs: {
      audio: [],
      video: [
        new werift.RTCRtpCodecParameters({
          mimeType: 'video/H264',
          clockRate: 90_000,
          rtcpFeedback: [
            { type: 'nack' },
            { type: 'nack', parameter: 'pli' },
            { type: 'ccm', parameter: 'fir' },
            { type: 'goog-remb' },
          ],
          parameters: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
        }),
        new werift.RTCRtpCodecParameters({ mimeType: 'video/rtx', clockRate: 90_000 }),
      ],
    },
    headerExtensions: { audio: [], video: [extension(MID_URI), extension(PLAYOUT_DELAY_URI)] },
    dtls: {
      keys: {
        certPem: dtlsCertificate.certPem,
        keyPem: dtlsCertificate.keyPem,
        signatureHash: SIGNATURE_HASH,
      },
    },
    ...(udpPorts && { icePortRange: [udpPorts.first, udpPorts.last] }),
    ...(extraHosts && { iceAdditionalHostAddresses: [...extraHosts] }),
  });
}
