import { after } from 'node:test';
import ndc from 'node-datachannel';
import { Conditions } from './conditions.js';
import { parseRtp, type Rtp } from './rtp-packets.js';

// libdatachannel's threads keep the process until they are told.
after(() => ndc.cleanup());

/** Choices of a test viewer. */
export interface RtcViewerOptions {
  /** Opens the page's data channels; true by default. */
  interactive?: boolean;
  /** Offers retransmissions (RFC 4588); true by default. */
  rtx?: boolean;
}

export const H264 = 97;
export const RTX = 98;
export const PLAYOUT_DELAY_ID = 5;
export const MID_ID = 9;

/** A viewer by libdatachannel, which shares no code with the appliance. It shows RTP as it comes from the wire. */
export class RtcViewer {
  readonly changed = new Conditions();
  readonly received: Rtp[] = [];
  readonly texts: string[] = [];
  readonly binary: Array<{ bytes: Buffer; lane: string }> = [];
  readonly peer: ndc.PeerConnection;
  readonly track: ndc.Track;
  readonly reliable: ndc.DataChannel | null;
  readonly fast: ndc.DataChannel | null;
  /** The last sender report (RFC 3550 section 6.4.1), as it came. */
  senderReport: Buffer | null = null;
  state = 'new';

  constructor({ interactive = true, rtx = true }: RtcViewerOptions = {}) {
    this.peer = new ndc.PeerConnection('viewer', {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
    });
    this.peer.onStateChange((state) => {
      this.state = state;
      this.changed.notify();
    });
    const video = new ndc.Video('video', 'RecvOnly');
    video.addH264Codec(
      H264,
      'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1',
    );
    if (rtx) video.addRTXCodec(RTX, H264, 90_000);
    this.track = this.peer.addTrack(video);
    this.track.onMessage((data) => {
      const packet = parseRtp(data);
      if (packet) this.received.push(packet);
      else if (data[1] === 200) this.senderReport = Buffer.from(data);
      this.changed.notify();
    });
    this.reliable = interactive ? this.#channel('kvm.reliable') : null;
    this.fast = interactive
      ? this.#channel('kvm.fast', { unordered: true, maxRetransmits: 0 })
      : null;
  }

  #channel(label: string, config: ndc.DataChannelInitConfig = {}): ndc.DataChannel {
    const channel = this.peer.createDataChannel(label, config);
    channel.onOpen(() => this.changed.notify());
    channel.onMessage((message) => {
      if (typeof message === 'string') this.texts.push(message);
      else this.binary.push({ bytes: Buffer.from(message as Buffer), lane: label });
      this.changed.notify();
    });
    return channel;
  }

  /** The offer, with the header extensions that browsers offer. */
  async offer(): Promise<string> {
    let gathered = false;
    this.peer.onGatheringStateChange((state) => {
      gathered ||= state === 'complete';
      this.changed.notify();
    });
    this.peer.setLocalDescription('offer');
    await this.changed.until('gathering is complete', () => gathered);
    const extensions = [
      `a=extmap:${PLAYOUT_DELAY_ID} http://www.webrtc.org/experiments/rtp-hdrext/playout-delay`,
      `a=extmap:${MID_ID} urn:ietf:params:rtp-hdrext:sdes:mid`,
      '',
    ].join('\r\n');
    const sdp = this.peer.localDescription()?.sdp ?? '';
    return sdp.replace('a=mid:video\r\n', `a=mid:video\r\n${extensions}`);
  }

  accept(answerSdp: string): void {
    this.peer.setRemoteDescription(answerSdp, 'answer');
  }

  /** Packets of the picture's own stream, retransmissions unwrapped (RFC 4588), each once, in order of sequence. */
  media(): Rtp[] {
    const bySequence = new Map<number, Rtp>();
    for (const packet of this.received) {
      const original =
        packet.payloadType === RTX
          ? {
              ...packet,
              payloadType: H264,
              sequenceNumber: packet.payload.readUInt16BE(0),
              payload: packet.payload.subarray(2),
            }
          : packet;
      bySequence.set(original.sequenceNumber, original);
    }
    return [...bySequence.values()].sort((a, b) => a.sequenceNumber - b.sequenceNumber);
  }

  sendRtcp(...packets: Buffer[]): void {
    this.track.sendMessageBinary(Buffer.concat(packets));
  }

  close(): void {
    this.peer.close();
  }
}
