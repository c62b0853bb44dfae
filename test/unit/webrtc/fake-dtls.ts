import * as werift from 'werift';
import type { SrtpKeys } from '../../../native/index.js';
import type { NegotiatedVideo } from '../../../server/webrtc/answer.js';
import type { MediaStreamState } from '../../../server/webrtc/media-sender.js';
import type { MediaInternals } from '../../../server/webrtc/werift-media-internals.js';
import { type RtpOutlet, WeriftMediaSender } from '../../../server/webrtc/werift-media-sender.js';

/** A DTLS transport of werift with nothing but its SRTP, under given keys. */
export function fakeDtls({ profile, masterKey, masterSalt }: SrtpKeys): werift.RTCDtlsTransport {
  const key = Buffer.from(masterKey);
  const salt = Buffer.from(masterSalt);
  const srtp = new werift.SrtpSession({
    keys: {
      localMasterKey: key,
      localMasterSalt: salt,
      remoteMasterKey: key,
      remoteMasterSalt: salt,
    },
    profile: profile === 'AEAD_AES_128_GCM' ? 7 : 1,
  });
  return { srtp } as unknown as werift.RTCDtlsTransport;
}

/** A sender by way of werift that goes on with these numbers. */
export function createWeriftSender(
  video: NegotiatedVideo,
  streams: MediaStreamState,
  internals: MediaInternals,
  sendRtp: RtpOutlet['sendRtp'],
): WeriftMediaSender {
  internals.adopt(streams.media);
  if (streams.rtx) internals.adopt(streams.rtx);
  const outlet = { sendRtp, queuedBytes: () => 0, sendErrors: () => 0 };
  return new WeriftMediaSender({ werift, video, streams, outlet });
}
