import type * as Werift from 'werift';
import { LIMITS } from '../protocol/limits.js';
import { MID_URI, PLAYOUT_DELAY_URI } from './offer.js';
import type { PeerOptions } from './peer-options.js';

/** DTLS numbers (RFC 5246 section 7.4.1.4.1): SHA-256 with ECDSA. */
const SIGNATURE_HASH = { hash: 4, signature: 3 } as const;

/** A werift connection that can only do what the appliance does: send one H.264 video, carry data channels. */
export function createPeerConnection(
  werift: typeof Werift,
  options: PeerOptions,
): Werift.RTCPeerConnection {
  const { dtlsCertificate, udpPorts } = options;
  const extension = (uri: string) => new werift.RTCRtpHeaderExtensionParameters({ uri });
  const connection = new werift.RTCPeerConnection({
    // Without it werift leaves a socket open per connection.
    bundlePolicy: 'max-bundle',
    // Asked by Gathering, when the answer is out.
    iceServers: [],
    iceUseTcp: options.iceTcp ?? false,
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
    maxMessageSize: LIMITS.maxMessageBytes,
  });
  // Set afterwards: the constructor refuses a range of one port.
  if (udpPorts) connection.config.icePortRange = [udpPorts.first, udpPorts.last];
  return connection;
}
