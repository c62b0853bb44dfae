import type { AccessUnit } from '../protocol/access-unit.js';
import type { ClientMessage, ServerMessage } from '../protocol/control-messages.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import type { PathReport } from './path-report.js';

/** Reliable: ordered and complete. Fast: may be lost or reordered, never waits behind video or repairs. */
export type Lane = 'reliable' | 'fast';

/**
 * What a session rides on. The carrier owns its sockets and its queue of pictures (bounded; it drops to the next
 * keyframe and asks for one through its owner); the session owns the carrier.
 */
export interface Carrier {
  readonly kind: 'webrtc' | 'websocket';
  /** False for a standard WHEP player that did not open our data channels: it only watches. */
  readonly interactive: boolean;
  /** What is known of the path to the viewer now; null before anything is. */
  readonly path: PathReport | null;
  /** Queues a JSON message on the reliable lane. A closed carrier ignores it. */
  sendMessage(message: ServerMessage): void;
  /** Sends a binary message (acknowledgement, ping, echo); a lane that the carrier lacks becomes reliable. */
  sendBinary(bytes: Uint8Array, lane: Lane): void;
  /** Sends one coded picture, never blocking. The carrier may keep a reference to `unit.data` until sent. */
  sendAccessUnit(unit: AccessUnit): void;
  /** Pictures leave no faster than this from now on, but for short bursts; null: at once. Absent where input never waits for them. */
  pace?(bitrateBps: number | null): void;
  /** Tells the viewer why, then closes. Idempotent; `carrierClosed` follows exactly once. */
  close(reason: ErrorCode): void;
}

/** What a carrier needs from its session. */
export interface CarrierOwner {
  /** The carrier is ready for media and messages. */
  carrierOpened(carrier: Carrier): void;
  carrierMessage(carrier: Carrier, message: ClientMessage): void;
  /** Any binary message of the viewer; `bytes` is only valid during the call. */
  carrierBinary(carrier: Carrier, bytes: Uint8Array, lane: Lane): void;
  /** The carrier cannot go on without a keyframe (PLI, NACK for what is gone, dropped backlog). */
  carrierNeedsKeyframe(carrier: Carrier): void;
  carrierClosed(carrier: Carrier, reason: ErrorCode): void;
}

/** A WebRTC carrier as WHEP sees it (draft-ietf-wish-whep). */
export interface WebRtcCarrier extends Carrier {
  readonly kind: 'webrtc';
  /** The SDP answer, with all candidates known when it was made. */
  readonly answerSdp: string;
  /** Names the ICE session: changes with each ICE restart (RFC 9725 section 4.3). Without quotes. */
  readonly etag: string;
  /** Adds candidates of an SDP fragment (RFC 8840). Throws KvmError('bad-candidate'). */
  addRemoteCandidates(fragment: string): Promise<void>;
  /** Restarts ICE with the ufrag and pwd of the fragment; returns the local fragment. Changes `etag`. */
  restartIce(fragment: string): Promise<string>;
  /** Local candidates found after the answer, as SDP fragment lines; returns an unsubscribe function. */
  onLocalCandidate(listener: (candidate: string) => void): () => void;
}

/** Makes WebRTC carriers; the only user of WebRTC outside server/webrtc. */
export interface WebRtcCarrierFactory {
  /** Answers an offer. Throws KvmError bad-sdp, no-video or no-h264. `owner` hears of everything that follows. */
  answer(offerSdp: string, owner: CarrierOwner): Promise<WebRtcCarrier>;
}
