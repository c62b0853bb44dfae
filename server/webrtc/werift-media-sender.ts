import type * as Werift from 'werift';
import { type AccessUnit, rtpTimestamp } from '../protocol/access-unit.js';
import type { NegotiatedVideo } from './answer.js';
import type { MediaSender, MediaSenderStats, MediaStreamState } from './media-sender.js';
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
  readonly ssrc: number;
  readonly rtxSsrc: number;
  readonly outlet: RtpOutlet;
  /** The viewer cannot go on without a keyframe. */
  readonly needKeyframe: () => void;
}

/** About 30 Mbit/s for half a second at 1200 bytes a packet; at least 2048 are needed to cover a keyframe and RTTs. */
const HISTORY_PACKETS = 2048;
/** Payload of one packet: leaves room for headers, SRTP tag, TURN and tunnels within 1500 bytes. */
const MAX_PAYLOAD_BYTES = 1200;
/** A socket that does not drain: beyond this the viewer gets nothing but the next keyframe. */
const MAX_QUEUED_BYTES = 512 * 1024;

/**
 * The sender without native code: werift's packetizer and its SRTP, but our own numbering and history, because
 * werift's holds 128 packets and a keyframe alone can have more. werift's own retransmitter never sees these packets.
 */
export class WeriftMediaSender implements MediaSender {
  readonly stats: MediaSenderStats = {
    accessUnits: 0,
    packets: 0,
    bytes: 0,
    retransmissions: 0,
    historyMisses: 0,
    pictureLossIndications: 0,
    fullIntraRequests: 0,
    droppedAccessUnits: 0,
    sendErrors: 0,
  };
  readonly #options: WeriftMediaSenderOptions;
  readonly #packetizer: Werift.H264Packetizer;
  readonly #history = new PacketHistory<Werift.RtpPacket>(HISTORY_PACKETS);
  readonly #extensions: Array<{ id: number; payload: Buffer }>;
  readonly #media: RtpStream;
  readonly #rtx: RtpStream | null;
  #waitingForKeyframe = true;
  #lastTimestamp = 0;
  #closed = false;

  constructor(options: WeriftMediaSenderOptions) {
    const { video, werift } = options;
    this.#options = options;
    this.#packetizer = new werift.H264Packetizer({
      maxPayloadSize: MAX_PAYLOAD_BYTES,
      inputFormat: 'annexb',
    });
    this.#media = new RtpStream(options.ssrc, video.payloadType);
    this.#rtx =
      video.rtxPayloadType === null ? null : new RtpStream(options.rtxSsrc, video.rtxPayloadType);
    this.#extensions = headerExtensions(video);
  }

  get ssrc(): number {
    return this.#media.ssrc;
  }

  /** RTP timestamp of the last picture, for sender reports. */
  get lastTimestamp(): number {
    return this.#lastTimestamp;
  }

  sendAccessUnit(unit: AccessUnit): void {
    if (this.#closed) return;
    if (this.#options.outlet.queuedBytes() > MAX_QUEUED_BYTES) this.#waitingForKeyframe = true;
    else if (unit.keyframe) this.#waitingForKeyframe = false;
    if (this.#waitingForKeyframe) {
      this.stats.droppedAccessUnits++;
      this.#options.needKeyframe();
      return;
    }
    const { buffer, byteOffset, byteLength } = unit.data;
    const timestamp = rtpTimestamp(unit.timestampUs);
    const packets = this.#packetizer.packetize(
      Buffer.from(buffer, byteOffset, byteLength),
      timestamp,
    );
    this.#lastTimestamp = timestamp;
    for (const packet of packets) {
      const { header } = packet;
      header.ssrc = this.#media.ssrc;
      header.payloadType = this.#media.payloadType;
      header.sequenceNumber = this.#media.take();
      header.extensions = this.#extensions;
      this.#history.add(header.sequenceNumber, packet);
      this.stats.packets++;
      this.stats.bytes += packet.payload.length;
      this.#options.outlet.sendRtp(packet.payload, header);
    }
    this.stats.accessUnits++;
    this.stats.sendErrors = this.#options.outlet.sendErrors();
  }

  retransmit(sequenceNumbers: readonly number[]): void {
    if (this.#closed) return;
    let missed = false;
    for (const sequenceNumber of sequenceNumbers) {
      const packet = this.#findForRepair(sequenceNumber & 0xffff);
      if (!packet) {
        this.stats.historyMisses++;
        missed = true;
        continue;
      }
      this.stats.retransmissions++;
      if (this.#rtx) {
        const { werift, outlet } = this.#options;
        const { payloadType, ssrc } = this.#rtx;
        const repair = werift.wrapRtx(packet, payloadType, this.#rtx.take(), ssrc);
        outlet.sendRtp(repair.payload, repair.header);
      } else {
        this.#options.outlet.sendRtp(packet.payload, packet.header);
      }
    }
    if (missed) this.#options.needKeyframe();
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

  close(): MediaStreamState {
    this.#closed = true;
    this.#history.clear();
    return { media: this.#media.state, rtx: this.#rtx?.state ?? null };
  }
}

/** The same for each packet: mid, and playout-delay 0/0 so that the viewer shows each picture at once. */
function headerExtensions(video: NegotiatedVideo): Array<{ id: number; payload: Buffer }> {
  const extensions: Array<{ id: number; payload: Buffer }> = [];
  // One-byte header extensions hold at most 16 bytes (RFC 8285 section 4.2).
  if (video.midExtensionId !== null && video.mid.length <= 16) {
    extensions.push({ id: video.midExtensionId, payload: Buffer.from(video.mid) });
  }
  if (video.playoutDelayExtensionId !== null) {
    extensions.push({ id: video.playoutDelayExtensionId, payload: Buffer.from([0, 0, 0]) });
  }
  return extensions.sort((a, b) => a.id - b.id);
}
