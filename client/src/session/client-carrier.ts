import type { ClientMessage, ServerMessage } from '../../../server/protocol/control-messages.js';
import type { ErrorCode } from '../../../server/protocol/error-codes.js';

/** Reliable: ordered and complete. Fast: may be lost or reordered; the reliable lane where there is no other. */
export type Lane = 'reliable' | 'fast';

/** The page's end of a carrier. */
export interface ClientCarrier {
  readonly kind: 'webrtc' | 'websocket';
  /** Binary messages (input, pong, echo). False when the lane is not open: nothing was sent. */
  sendBinary(bytes: Uint8Array<ArrayBuffer>, lane: Lane): boolean;
  sendMessage(message: ClientMessage): void;
  close(): void;
}

/** What a carrier tells its session. After `closed` nothing follows. */
export interface ClientCarrierListener {
  opened(carrier: ClientCarrier): void;
  message(carrier: ClientCarrier, message: ServerMessage): void;
  binary(carrier: ClientCarrier, bytes: Uint8Array, lane: Lane): void;
  /** Told while the last picture can still be read. */
  closed(carrier: ClientCarrier, reason: ErrorCode | 'lost'): void;
}
