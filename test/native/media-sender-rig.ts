import {
  createMediaSender,
  type MediaSender,
  type MediaSenderOptions,
} from '../../native/index.js';

export const PICTURE_PACKETS = 40;
/** One NAL unit that fills 40 packets of 1200 bytes. */
export const PICTURE = Buffer.alloc(4 + 1 + (PICTURE_PACKETS - 1) * 1198 + 10, 0x55);
PICTURE.writeUInt32BE(1);
PICTURE[4] = 0x65;

export const OPTIONS: MediaSenderOptions = {
  media: { ssrc: 1, payloadType: 96, sequenceNumber: 0, rolloverCounter: 0 },
  rtx: { ssrc: 2, payloadType: 97, sequenceNumber: 0, rolloverCounter: 0 },
  keys: {
    profile: 'AEAD_AES_128_GCM',
    masterKey: Buffer.alloc(16, 7),
    masterSalt: Buffer.alloc(12, 9),
  },
  extension: new Uint8Array(0),
  mostPayloadBytes: 1200,
  historyPackets: 2048,
  mostQueuedBytes: 512 * 1024,
};

/** A native sender that goes nowhere yet. */
export function createSender(options: Partial<MediaSenderOptions> = {}): MediaSender {
  return createMediaSender({ ...OPTIONS, ...options });
}
