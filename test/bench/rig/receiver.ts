import { setTimeout as pause } from 'node:timers/promises';
import ndc from 'node-datachannel';
import {
  decodeEchoReply,
  decodePing,
  encodeEchoRequest,
  encodePong,
} from '../../../server/protocol/input-codec.js';
import { PLAYOUT_DELAY } from './reference-offer.js';

const H264 = 97;
const RTX = 98;
const GAP_MS = 5;
const LOST_MS = 1000;
const FORMAT = 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1';

/** A viewer by libdatachannel with the page's two lanes that takes pictures and does not decode them. */
export class Receiver {
  packets = 0;
  bytes = 0;
  readonly #peer: ndc.PeerConnection;
  readonly #channels: ndc.DataChannel[];
  /** Kept: without a reference the addon would free the track. */
  readonly #track: ndc.Track;
  #echoed: (id: number) => void = () => {};

  constructor() {
    this.#peer = new ndc.PeerConnection('receiver', {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
    });
    const video = new ndc.Video('video', 'RecvOnly');
    video.addH264Codec(H264, FORMAT);
    video.addRTXCodec(RTX, H264, 90_000);
    this.#track = this.#peer.addTrack(video);
    this.#track.setMediaHandler(new ndc.RtcpReceivingSession());
    this.#track.onMessage((packet) => {
      if (((packet[1] ?? 0) & 0x7f) !== H264) return;
      this.packets++;
      this.bytes += packet.length;
    });
    this.#channels = [
      this.#lane('kvm.reliable', {}),
      this.#lane('kvm.fast', { unordered: true, maxRetransmits: 0 }),
    ];
  }

  /**
   * Asks for echoes over the fast lane, one at a time and one each 5 ms, and returns the round trips in milliseconds. An answer that
   * has not come after a second counts as one second.
   */
  async echo(durationMs: number): Promise<number[]> {
    const lane = this.#channels[1];
    const trips: number[] = [];
    const endMs = performance.now() + durationMs;
    for (let id = 1; performance.now() < endMs; id++) {
      const sentMs = performance.now();
      const answered = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOST_MS);
        this.#echoed = (replied) => {
          if (replied !== id) return;
          clearTimeout(timer);
          resolve();
        };
      });
      lane?.sendMessageBinary(encodeEchoRequest(id));
      await answered;
      trips.push(performance.now() - sentMs);
      await pause(GAP_MS);
    }
    return trips;
  }

  #lane(label: string, config: ndc.DataChannelInitConfig): ndc.DataChannel {
    const channel = this.#peer.createDataChannel(label, config);
    channel.onMessage((message) => {
      if (typeof message === 'string') return;
      const bytes = new Uint8Array(message);
      const ping = decodePing(bytes);
      if (ping) channel.sendMessageBinary(encodePong(ping.id));
      const echo = decodeEchoReply(bytes);
      if (echo) this.#echoed(echo.id);
    });
    return channel;
  }

  /** The offer with all candidates, and with the header extension that browsers offer. */
  async offer(): Promise<string> {
    const gathered = new Promise<void>((resolve) => {
      this.#peer.onGatheringStateChange((state) => {
        if (state === 'complete') resolve();
      });
    });
    this.#peer.setLocalDescription('offer');
    await gathered;
    const sdp = this.#peer.localDescription()?.sdp ?? '';
    return sdp.replace('a=mid:video\r\n', `a=mid:video\r\na=extmap:5 ${PLAYOUT_DELAY}\r\n`);
  }

  accept(answerSdp: string): void {
    this.#peer.setRemoteDescription(answerSdp, 'answer');
  }

  close(): void {
    for (const channel of this.#channels) channel.close();
    this.#peer.close();
  }
}
