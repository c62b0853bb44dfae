import {
  createMediaSender,
  type MediaRoute,
  type MediaSender as NativeSender,
  type SrtpKeys,
} from '../../native/index.js';
import type { NegotiatedVideo } from './answer.js';
import { extensionBlock, headerExtensions } from './header-extensions.js';
import {
  HISTORY_PACKETS,
  MAX_PAYLOAD_BYTES,
  MAX_QUEUED_BYTES,
  type MediaSender,
  type MediaSenderStats,
  type MediaStreamState,
} from './media-sender.js';

/** The sender in native code: packets, SRTP and sockets in a thread of their own, past werift and its event loop. */
export class NativeMediaSender implements MediaSender {
  readonly #sender: NativeSender;

  /** Throws ERR_NO_OPENSSL, or what a system without descriptors or threads says. */
  constructor(video: NegotiatedVideo, streams: MediaStreamState, keys: SrtpKeys) {
    this.#sender = createMediaSender({
      media: streams.media,
      rtx: streams.rtx,
      keys,
      extension: extensionBlock(headerExtensions(video)),
      mostPayloadBytes: MAX_PAYLOAD_BYTES,
      historyPackets: HISTORY_PACKETS,
      mostQueuedBytes: MAX_QUEUED_BYTES,
    });
  }

  get stats(): MediaSenderStats {
    const { packets, bytes, retransmissions, sendErrors } = this.#sender.stats();
    return { packets, bytes, retransmissions, sendErrors };
  }

  /** What is sent from here on leaves there. Throws EBADF when the socket is closed, EMFILE. */
  setRoute(route: MediaRoute): void {
    this.#sender.setRoute(route);
  }

  /** See native/index.ts. */
  setPace(bitrateBps: number | null): void {
    this.#sender.setPace(bitrateBps);
  }

  get pacedMs(): number {
    return this.#sender.stats().pacedMs;
  }

  send(unit: Uint8Array, timestamp: number): boolean {
    return this.#sender.send(unit, timestamp);
  }

  retransmit(sequenceNumbers: readonly number[]): number {
    return this.#sender.retransmit(sequenceNumbers);
  }

  close(): MediaStreamState & { readonly complete: boolean } {
    return this.#sender.close();
  }
}
