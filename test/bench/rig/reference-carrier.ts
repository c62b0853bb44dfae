import ndc from 'node-datachannel';
import {
  type AccessUnit,
  rtpTimestamp,
  VIDEO_CLOCK_HZ,
} from '../../../server/protocol/access-unit.js';
import { parseClientMessage } from '../../../server/protocol/client-message.js';
import type { ServerMessage } from '../../../server/protocol/control-messages.js';
import type { ErrorCode } from '../../../server/protocol/error-codes.js';
import type { CarrierOwner, Lane, WebRtcCarrier } from '../../../server/session/carrier.js';
import { PLAYOUT_DELAY, readReferenceOffer } from './reference-offer.js';

const SSRC = 0x4b_56_4d_01;
const MAX_PAYLOAD_BYTES = 1200;
const HISTORY_PACKETS = 2048;
const PSFB = 206;
const PLI = 1;

/**
 * The reference of all comparisons: the same session, pictures and page, but libdatachannel (C++) in the place of
 * werift: its ICE, DTLS, SRTP, packetizer, retransmission and data channels, with playout-delay 0/0 too.
 */
export class ReferenceCarrier implements WebRtcCarrier {
  readonly kind = 'webrtc';
  readonly interactive: boolean;
  readonly etag = 'reference';
  /** Not measured here. */
  readonly path = null;
  readonly #owner: CarrierOwner;
  readonly #peer: ndc.PeerConnection;
  readonly #track: ndc.Track;
  readonly #rtp: ndc.RtpPacketizationConfig;
  readonly #mid: string;
  readonly #lanes = new Map<Lane, ndc.DataChannel>();
  #answerSdp = '';
  #waiting = true;
  #state: 'new' | 'open' | 'closed' = 'new';

  /** Use {@link answerWithReference}. */
  constructor(
    offerSdp: string,
    owner: CarrierOwner,
    released: (carrier: ReferenceCarrier) => void,
  ) {
    const offer = readReferenceOffer(offerSdp);
    this.#owner = owner;
    this.interactive = offer.interactive;
    this.#mid = offer.videoMid;
    const peer = new ndc.PeerConnection('reference', {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
    });
    this.#peer = peer;
    peer.onDataChannel((channel) => this.#accept(channel));
    peer.onStateChange((state) => {
      if (state === 'connected') this.#openWhenReady();
      if (state === 'closed' || state === 'failed' || state === 'disconnected') {
        this.close('session-ended');
        released(this);
      }
    });
    const video = new ndc.Video(offer.videoMid, 'SendOnly');
    const format = 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1';
    video.addH264Codec(offer.payloadType, format);
    video.addSSRC(SSRC, 'kvm', 'kvm', 'video');
    this.#rtp = new ndc.RtpPacketizationConfig(SSRC, 'kvm', offer.payloadType, VIDEO_CLOCK_HZ);
    if (offer.playoutDelayId !== null) {
      video.parseSdpLine(`a=extmap:${offer.playoutDelayId} ${PLAYOUT_DELAY}`);
      this.#rtp.playoutDelayId = offer.playoutDelayId;
      this.#rtp.playoutDelayMin = 0;
      this.#rtp.playoutDelayMax = 0;
    }
    this.#track = peer.addTrack(video);
    peer.setRemoteDescription(offerSdp, 'offer');
    const packetizer = new ndc.H264RtpPacketizer('StartSequence', this.#rtp, MAX_PAYLOAD_BYTES);
    packetizer.addToChain(new ndc.RtcpSrReporter(this.#rtp));
    packetizer.addToChain(new ndc.RtcpNackResponder(HISTORY_PACKETS));
    this.#track.setMediaHandler(packetizer);
    this.#track.onOpen(() => this.#openWhenReady());
    this.#track.onMessage((packet) => {
      const lost = packet[1] === PSFB && ((packet[0] ?? 0) & 0x1f) === PLI;
      if (lost && this.#state === 'open') owner.carrierNeedsKeyframe(this);
    });
  }

  get answerSdp(): string {
    return this.#answerSdp;
  }

  /** Resolves when the answer with all candidates is there. */
  async negotiate(): Promise<void> {
    const gathered = new Promise<void>((resolve) => {
      this.#peer.onGatheringStateChange((state) => {
        if (state === 'complete') resolve();
      });
    });
    this.#peer.setLocalDescription('answer');
    await gathered;
    this.#answerSdp = this.#peer.localDescription()?.sdp ?? '';
  }

  sendMessage(message: ServerMessage): void {
    const lane = this.#lanes.get('reliable');
    if (lane?.isOpen()) lane.sendMessage(JSON.stringify(message));
  }

  sendBinary(bytes: Uint8Array, lane: Lane): void {
    const channel = this.#lanes.get(lane) ?? this.#lanes.get('reliable');
    if (channel?.isOpen()) channel.sendMessageBinary(bytes);
  }

  sendAccessUnit(unit: AccessUnit): void {
    if (this.#state !== 'open' || (this.#waiting && !unit.keyframe)) return;
    // The other end may have closed it, and the news be on its way.
    if (!this.#track.isOpen()) return;
    this.#waiting = false;
    const { buffer, byteOffset, byteLength } = unit.data;
    this.#rtp.timestamp = rtpTimestamp(unit.timestampUs);
    this.#track.sendMessageBinary(Buffer.from(buffer, byteOffset, byteLength));
  }

  async addRemoteCandidates(fragment: string): Promise<void> {
    for (const [, candidate] of fragment.matchAll(/^a=(candidate:[^\r\n]+)/gm)) {
      // Names of mDNS resolve for nobody here: the browser reaches us, and is then found by its checks.
      if (candidate && !candidate.includes('.local')) {
        this.#peer.addRemoteCandidate(candidate, this.#mid);
      }
    }
  }

  restartIce(): Promise<string> {
    return Promise.reject(new Error('the reference does not restart ICE'));
  }

  onLocalCandidate(): () => void {
    return () => {};
  }

  close(reason: ErrorCode): void {
    if (this.#state === 'closed') return;
    this.sendMessage({ type: 'end', error: reason });
    this.#state = 'closed';
    queueMicrotask(() => this.#owner.carrierClosed(this, reason));
    setImmediate(() => this.#peer.close());
  }

  #accept(channel: ndc.DataChannel): void {
    const lane = channel.getLabel() === 'kvm.fast' ? 'fast' : 'reliable';
    this.#lanes.set(lane, channel);
    channel.onOpen(() => this.#openWhenReady());
    channel.onMessage((message) => this.#receive(message, lane));
    this.#openWhenReady();
  }

  #receive(message: string | Buffer | ArrayBuffer, lane: Lane): void {
    if (this.#state !== 'open') return;
    if (typeof message === 'string') {
      const parsed = parseClientMessage(message);
      if (parsed) this.#owner.carrierMessage(this, parsed);
    } else {
      this.#owner.carrierBinary(this, new Uint8Array(message), lane);
    }
  }

  #openWhenReady(): void {
    if (this.#state !== 'new' || !this.#track.isOpen()) return;
    if (this.interactive && !this.#lanes.get('reliable')?.isOpen()) return;
    this.#state = 'open';
    this.#owner.carrierOpened(this);
  }
}
