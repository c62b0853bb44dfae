import type * as Werift from 'werift';
import type { NegotiatedVideo } from './answer.js';
import { type HeaderExtension, headerExtensions } from './header-extensions.js';
import {
  HISTORY_PACKETS,
  MAX_PAYLOAD_BYTES,
  MAX_QUEUED_BYTES,
  type MediaSender,
  type MediaSenderStats,
  type MediaStreamState,
} from './media-sender.js';
import { PacketHistory } from './packet-history.js';
import { RtpStream } from './rtp-stream.js';

/** Where protected packets leave. */
export interface RtpOutlet {
  /** Protects and sends one packet. Never throws; a full socket buffer is counted by the owner of the socket. */
  sendRtp(payload: Buffer, header: Werift.RtpHeader): void;
  /** Bytes that wait in the socket's user-space queue. */
  queuedBytes(): number;
  /** Datagrams that the kernel refused so far. */
  sendErrors(): number;
}

/** What the sender needs besides the outlet. */
export interface WeriftMediaSenderOptions {
  readonly werift: typeof Werift;
  readonly video: NegotiatedVideo;
  /** Where the numbers go on. */
  readonly streams: MediaStreamState;
  readonly outlet: RtpOutlet;
}

/**
 * The sender without native code: werift's packetizer and its SRTP, but our own numbering and history, because
 * werift's holds 128 packets and a keyframe alone can have more. werift's own retransmitter never sees these packets.
 */
export class WeriftMediaSender implements MediaSender {
  readonly #packets = { packets: 0, bytes: 0, retransmissions: 0 };
  readonly #werift: typeof Werift;
  readonly #outlet: RtpOutlet;
  readonly #packetizer: Werift.H264Packetizer;
  readonly #history = new PacketHistory<Werift.RtpPacket>(HISTORY_PACKETS);
  readonly #extensions: HeaderExtension[];
  readonly #media: RtpStream;
  readonly #rtx: RtpStream | null;
  readonly #sendErrorsBefore: number;
  #closed = false;

  constructor({ werift, video, streams, outlet }: WeriftMediaSenderOptions) {
    this.#werift = werift;
    this.#outlet = outlet;
    this.#packetizer = new werift.H264Packetizer({
      maxPayloadSize: MAX_PAYLOAD_BYTES,
      inputFormat: 'annexb',
    });
    this.#media = RtpStream.from(streams.media);
    this.#rtx = streams.rtx && RtpStream.from(streams.rtx);
    this.#extensions = headerExtensions(video);
    this.#sendErrorsBefore = outlet.sendErrors();
  }

  get stats(): MediaSenderStats {
    const sendErrors = this.#outlet.sendErrors() - this.#sendErrorsBefore;
    return { ...this.#packets, sendErrors };
  }

  send(unit: Uint8Array, timestamp: number): boolean {
    if (this.#closed || this.#outlet.queuedBytes() > MAX_QUEUED_BYTES) return false;
    const { buffer, byteOffset, byteLength } = unit;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    for (const packet of this.#packetizer.packetize(bytes, timestamp)) {
      const { header } = packet;
      header.ssrc = this.#media.ssrc;
      header.payloadType = this.#media.payloadType;
      header.sequenceNumber = this.#media.take();
      header.extensions = this.#extensions;
      this.#history.add(header.sequenceNumber, packet);
      this.#packets.packets++;
      this.#packets.bytes += packet.payload.length;
      this.#outlet.sendRtp(packet.payload, header);
    }
    return true;
  }

  retransmit(sequenceNumbers: readonly number[]): number {
    if (this.#closed) return 0;
    let gone = 0;
    for (const sequenceNumber of sequenceNumbers) {
      const packet = this.#findForRepair(sequenceNumber & 0xffff);
      if (!packet) {
        gone++;
        continue;
      }
      this.#packets.retransmissions++;
      if (this.#rtx) {
        const { payloadType, ssrc } = this.#rtx;
        const repair = this.#werift.wrapRtx(packet, payloadType, this.#rtx.take(), ssrc);
        this.#outlet.sendRtp(repair.payload, repair.header);
      } else {
        this.#outlet.sendRtp(packet.payload, packet.header);
      }
    }
    return gone;
  }

  /**
   * Without RTX the packet goes out again under its own index. SRTP guesses the rollover counter from the order of
   * packets, so one from before the wrap would be protected with an index that a later packet will use: it counts as
   * gone.
   */
  #findForRepair(sequenceNumber: number): Werift.RtpPacket | null {
    if (!this.#rtx && !this.#media.isSinceWrap(sequenceNumber)) return null;
    return this.#history.find(sequenceNumber);
  }

  close(): MediaStreamState & { readonly complete: boolean } {
    this.#closed = true;
    this.#history.clear();
    return { media: this.#media.state, rtx: this.#rtx?.state ?? null, complete: true };
  }
}
