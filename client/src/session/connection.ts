import type { AccessUnit } from '../../../server/protocol/access-unit.js';
import type { SessionReply } from '../../../server/protocol/api.js';
import type { ClientMessage, ServerMessage } from '../../../server/protocol/control-messages.js';
import type { ErrorCode } from '../../../server/protocol/error-codes.js';
import {
  decodeEchoReply,
  decodePing,
  encodeEchoRequest,
  encodePong,
} from '../../../server/protocol/input-codec.js';
import { LIMITS } from '../../../server/protocol/limits.js';
import { PROTOCOL_VERSION } from '../../../server/protocol/version.js';
import { CanvasSurface } from '../video/canvas-surface.js';
import type { PictureSurface, ShownPicture } from '../video/picture.js';
import { VideoSurface } from '../video/video-surface.js';
import { socketUrl } from './api-client.js';
import type { ApplianceClock } from './appliance-clock.js';
import type { ClientCarrier, ClientCarrierListener, Lane } from './client-carrier.js';
import { SocketCarrier } from './socket-carrier.js';
import { WebRtcCarrier } from './webrtc-carrier.js';

/** A carrier that has not opened after this time will not. */
const OPEN_TIMEOUT_MS = 8000;

export interface ConnectionListener {
  opened(): void;
  message(message: ServerMessage): void;
  /** Acknowledgements of input. */
  binary(bytes: Uint8Array): void;
  shown(picture: ShownPicture): void;
  /** After this nothing follows. `opened` tells whether it ever worked. */
  closed(reason: ErrorCode | 'lost', opened: boolean): void;
}

/**
 * One attempt to ride a session on one carrier, with the surface that shows its pictures. The surface outlives it
 * (the last picture stays in sight): whoever made the connection closes it.
 */
export class Connection implements ClientCarrierListener {
  readonly surface: PictureSurface;
  readonly #carrier: ClientCarrier;
  readonly #clock: ApplianceClock;
  readonly #listener: ConnectionListener;
  readonly #watchdog: ReturnType<typeof setInterval>;
  readonly #echoes = new Map<number, number>();
  #echoId = 0;
  #heardMs = performance.now();
  #opened = false;
  #closed = false;

  constructor(
    session: SessionReply,
    transport: 'webrtc' | 'websocket',
    clock: ApplianceClock,
    listener: ConnectionListener,
  ) {
    this.#clock = clock;
    this.#listener = listener;
    const shown = (picture: ShownPicture) => listener.shown(picture);
    if (transport === 'webrtc') {
      const carrier = new WebRtcCarrier(session, this);
      this.#carrier = carrier;
      this.surface = new VideoSurface(carrier.receiver, shown);
    } else {
      const canvas = new CanvasSurface(
        shown,
        () => this.sendMessage({ type: 'keyframe' }),
        () => this.#giveUp('no-decoder'),
      );
      const picture = (unit: AccessUnit) => canvas.receive(unit);
      this.surface = canvas;
      this.#carrier = new SocketCarrier(socketUrl(session.session), this, picture);
    }
    this.#watchdog = setInterval(() => this.#watch(), LIMITS.pingIntervalMs);
  }

  sendBinary(bytes: Uint8Array<ArrayBuffer>, lane: Lane): boolean {
    return !this.#closed && this.#carrier.sendBinary(bytes, lane);
  }

  sendMessage(message: ClientMessage): void {
    if (!this.#closed) this.#carrier.sendMessage(message);
  }

  close(): void {
    this.#carrier.close();
  }

  opened(): void {
    this.#opened = true;
    this.#heardMs = performance.now();
    this.#echo();
    this.#listener.opened();
  }

  message(_carrier: ClientCarrier, message: ServerMessage): void {
    this.#heardMs = performance.now();
    // The appliance may have been replaced by a newer one while this page stayed open.
    if (message.type === 'hello' && message.protocol !== PROTOCOL_VERSION) {
      this.#giveUp('version-mismatch');
      return;
    }
    this.#listener.message(message);
  }

  binary(_carrier: ClientCarrier, bytes: Uint8Array, lane: Lane): void {
    this.#heardMs = performance.now();
    const ping = decodePing(bytes);
    const echo = decodeEchoReply(bytes);
    // Answered on receipt: timers of hidden tabs are throttled, messages are not.
    if (ping) this.#carrier.sendBinary(encodePong(ping.id), lane);
    else if (echo) this.#echoed(echo.id, echo.applianceTimeUs);
    else this.#listener.binary(bytes);
  }

  closed(_carrier: ClientCarrier, reason: ErrorCode | 'lost'): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#watchdog);
    this.surface.freeze();
    this.#listener.closed(reason, this.#opened);
  }

  #giveUp(reason: ErrorCode): void {
    const carrier = this.#carrier;
    this.closed(carrier, reason);
    carrier.close();
  }

  /** Once a second: measures the round trip, and ends what has gone silent. */
  #watch(): void {
    const limitMs = this.#opened ? LIMITS.carrierTimeoutMs : OPEN_TIMEOUT_MS;
    // A hidden tab may run this late, but then its messages have been heard before the timer.
    if (performance.now() - this.#heardMs > limitMs) this.#carrier.close();
    else if (this.#opened) this.#echo();
  }

  #echo(): void {
    this.#echoId += 1;
    // Echoes that never came back are forgotten.
    if (this.#echoes.size > 8) this.#echoes.clear();
    this.#echoes.set(this.#echoId, performance.now());
    this.#carrier.sendBinary(encodeEchoRequest(this.#echoId), 'fast');
  }

  #echoed(id: number, applianceUs: number): void {
    const sentMs = this.#echoes.get(id);
    this.#echoes.delete(id);
    if (sentMs !== undefined) this.#clock.add(sentMs, performance.now(), applianceUs);
  }
}
