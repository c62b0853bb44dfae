import type { SessionReply } from '../../../server/protocol/api.js';
import type { ClientMessage, ServerMessage } from '../../../server/protocol/control-messages.js';
import type { ErrorCode } from '../../../server/protocol/error-codes.js';
import { ApiError, api, type WhepResource } from './api-client.js';
import type { ClientCarrier, ClientCarrierListener, Lane } from './client-carrier.js';
import type { WebRtcRoute } from './console-state.js';
import { restartedAnswer, sdpLines } from './ice-restart.js';
import { routeOf } from './webrtc-route.js';

/** Whether this browser can receive H.264 in packetization mode 1 (Firefox without OpenH264 cannot). */
export function canReceiveH264(): boolean {
  if (typeof RTCPeerConnection === 'undefined') return false;
  return preferredCodecs().length > 0;
}

/** H.264 mode 1, Constrained Baseline first, then what repairs it. */
function preferredCodecs(): RTCRtpCodec[] {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  const h264 = codecs.filter(
    (codec) =>
      codec.mimeType === 'video/H264' && /packetization-mode=1/.test(codec.sdpFmtpLine ?? ''),
  );
  if (h264.length === 0) return [];
  const constrained = (codec: RTCRtpCodec) =>
    /profile-level-id=42e0/i.test(codec.sdpFmtpLine ?? '');
  h264.sort((a, b) => Number(constrained(b)) - Number(constrained(a)));
  return [...h264, ...codecs.filter((codec) => codec.mimeType === 'video/rtx')];
}

/** The session on a WebRTC peer connection, signalled by WHEP. */
export class WebRtcCarrier implements ClientCarrier {
  readonly kind = 'webrtc';
  /** Receives the video; its track is there from the start. */
  readonly receiver: RTCRtpReceiver;
  readonly #peer: RTCPeerConnection;
  readonly #reliable: RTCDataChannel;
  readonly #fast: RTCDataChannel;
  readonly #listener: ClientCarrierListener;
  readonly #abort = new AbortController();
  #resource: WhepResource | null = null;
  #candidates: string[] = [];
  /** Candidates of an ICE restart wait until the appliance knows of it. */
  #restarting = false;
  #reason: ErrorCode | 'lost' = 'lost';
  #closed = false;

  constructor(session: SessionReply, listener: ClientCarrierListener) {
    this.#listener = listener;
    this.#peer = new RTCPeerConnection({
      iceServers: session.iceServers,
      iceTransportPolicy: session.iceTransportPolicy,
      bundlePolicy: 'max-bundle',
    });
    const transceiver = this.#peer.addTransceiver('video', { direction: 'recvonly' });
    transceiver.setCodecPreferences(preferredCodecs());
    this.receiver = transceiver.receiver;
    // On top of the playout-delay extension, for browsers that know only this.
    if ('jitterBufferTarget' in this.receiver) this.receiver.jitterBufferTarget = 0;
    this.#reliable = this.#peer.createDataChannel('kvm.reliable');
    this.#fast = this.#peer.createDataChannel('kvm.fast', { ordered: false, maxRetransmits: 0 });
    this.#watch(this.#reliable, 'reliable');
    this.#watch(this.#fast, 'fast');
    this.#reliable.onopen = () => {
      this.#reason = 'lost';
      listener.opened(this);
    };
    this.#reliable.onclose = () => this.#end();
    this.#peer.onconnectionstatechange = () => {
      if (['failed', 'closed'].includes(this.#peer.connectionState)) this.#end();
    };
    this.#peer.onicecandidate = ({ candidate }) => this.#trickle(candidate);
    this.#connect(session.session).catch((error: unknown) => {
      this.#reason = error instanceof ApiError ? error.code : 'connect-failed';
      this.#end();
    });
  }

  sendBinary(bytes: Uint8Array<ArrayBuffer>, lane: Lane): boolean {
    const channel =
      lane === 'fast' && this.#fast.readyState === 'open' ? this.#fast : this.#reliable;
    if (channel.readyState !== 'open') return false;
    channel.send(bytes);
    return true;
  }

  sendMessage(message: ClientMessage): void {
    if (this.#reliable.readyState === 'open') this.#reliable.send(JSON.stringify(message));
  }

  close(): void {
    this.#end();
  }

  /**
   * Restarts ICE: new addresses on both sides, the same association (RFC 8839 section 4.4.1.1.1). Where the
   * appliance cannot be asked, or has given this carrier up, nothing happens: silence then ends it.
   */
  async restartIce(): Promise<void> {
    const resource = this.#resource;
    if (this.#closed || !resource || this.#peer.signalingState !== 'stable') return;
    this.#restarting = true;
    this.#candidates = [];
    try {
      await this.#peer.setLocalDescription(await this.#peer.createOffer({ iceRestart: true }));
      const { fragment, etag } = await api.restartIce(
        resource,
        this.#fragment([]),
        this.#abort.signal,
      );
      const answerSdp = restartedAnswer(resource.answerSdp, fragment);
      if (this.#closed || answerSdp === null) return;
      this.#resource = { ...resource, answerSdp, etag };
      await this.#peer.setRemoteDescription({ type: 'answer', sdp: answerSdp });
    } catch {
      // Without an answer the offer is taken back, so that the next attempt begins where this one did.
      await this.#peer.setLocalDescription({ type: 'rollback' }).catch(() => {});
    } finally {
      this.#restarting = false;
    }
    await this.#flushCandidates().catch(() => {});
  }

  /** How the packets of the chosen pair travel, or null before there is one. */
  async route(): Promise<WebRtcRoute | null> {
    return this.#closed ? null : routeOf(await this.#peer.getStats());
  }

  async #connect(session: string): Promise<void> {
    await this.#peer.setLocalDescription();
    const sdp = this.#peer.localDescription?.sdp ?? '';
    this.#resource = await api.offer(session, sdp, this.#abort.signal);
    if (this.#closed) return;
    // From here on the appliance is there: when no channel opens, it is the way of the media that fails.
    this.#reason = 'connect-failed';
    await this.#peer.setRemoteDescription({ type: 'answer', sdp: this.#resource.answerSdp });
    await this.#flushCandidates();
  }

  #watch(channel: RTCDataChannel, lane: Lane): void {
    channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (this.#closed) return;
      if (typeof data === 'string') {
        const message = JSON.parse(data) as ServerMessage;
        if (message.type === 'end') this.#reason = message.error;
        this.#listener.message(this, message);
      } else {
        this.#listener.binary(this, new Uint8Array(data), lane);
      }
    };
  }

  /** Candidates found after the offer went out follow it; those before the answer wait for its address. */
  #trickle(candidate: RTCIceCandidate | null): void {
    if (!candidate?.candidate) return;
    this.#candidates.push(`a=${candidate.candidate}`);
    this.#flushCandidates().catch(() => {
      // The answer's own candidates suffice on most networks; the connection itself tells when they do not.
    });
  }

  async #flushCandidates(): Promise<void> {
    if (!this.#resource || this.#restarting || this.#candidates.length === 0) return;
    await api.trickle(this.#resource, this.#fragment(this.#candidates.splice(0)));
  }

  /** An SDP fragment (RFC 8840) with our credentials and these candidates. */
  #fragment(candidates: readonly string[]): string {
    const sdp = this.#peer.localDescription?.sdp ?? '';
    const line = (name: string) => sdpLines(sdp, name)[0] ?? '';
    return [
      line('ice-ufrag'),
      line('ice-pwd'),
      'm=video 9 UDP/TLS/RTP/SAVPF 0',
      line('mid'),
      ...candidates,
      '',
    ].join('\r\n');
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#abort.abort();
    this.#peer.onicecandidate = null;
    this.#listener.closed(this, this.#reason);
    this.#peer.close();
  }
}
