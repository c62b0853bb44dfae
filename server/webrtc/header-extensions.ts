import type { NegotiatedVideo } from './answer.js';

/** One RTP header extension (RFC 8285). */
export interface HeaderExtension {
  id: number;
  payload: Buffer;
}

/** The same for each packet: mid, and playout-delay 0/0 so that the viewer shows each picture at once. */
export function headerExtensions(video: NegotiatedVideo): HeaderExtension[] {
  const extensions: HeaderExtension[] = [];
  // One-byte header extensions hold at most 16 bytes (RFC 8285 section 4.2).
  if (video.midExtensionId !== null && video.mid.length <= 16) {
    extensions.push({ id: video.midExtensionId, payload: Buffer.from(video.mid) });
  }
  if (video.playoutDelayExtensionId !== null) {
    extensions.push({ id: video.playoutDelayExtensionId, payload: Buffer.from([0, 0, 0]) });
  }
  return extensions.sort((a, b) => a.id - b.id);
}

/** Header extensions as they are on the wire in the one-byte form (RFC 8285 section 4.2); empty for none. */
export function extensionBlock(extensions: readonly HeaderExtension[]): Buffer {
  if (extensions.length === 0) return Buffer.alloc(0);
  const elements = extensions.map(({ id, payload }) =>
    Buffer.concat([Buffer.from([(id << 4) | (payload.length - 1)]), payload]),
  );
  const size = elements.reduce((sum, { length }) => sum + length, 0);
  const words = Math.ceil(size / 4);
  const block = Buffer.alloc(4 + words * 4);
  block.writeUInt16BE(0xbede, 0);
  block.writeUInt16BE(words, 2);
  Buffer.concat(elements).copy(block, 4);
  return block;
}
