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
import { mediaSources } from '../video/media-player.js';
import { MseSurface } from '../video/mse-surface.js';
import type { PictureSurface, ReceivingSurface, ShownPicture } from '../video/picture.js';
import type { SocketDecoder } from '../video/socket-decoder.js';
import { VideoSurface } from '../video/video-surface.js';
import { socketUrl } from './api-client.js';
import { ApplianceClock } from './appliance-clock.js';
import type { ClientCarrier, ClientCarrierListener, Lane } from './client-carrier.js';
import type { WebRtcRoute } from './console-state.js';
import { SocketCarrier } from './socket-carrier.js';
import type { Transport } from './transport-choice.js';
import { WebRtcCarrier } from './webrtc-carrier.js';

/** A carrier that has not opened after this time will not. */
const OPEN_TIMEOUT_MS = 8000;

export interface ConnectionListener {
  opened(connection: Connection): void;
  message(connection: Connection, message: ServerMessage): void;
  /** Acknowledgements of input. */
  binary(bytes: Uint8Array): void;
  shown(connection: Connection, picture: ShownPicture): void;
  /** After this nothing follows. */
  closed(connection: Connection, reason: ErrorCode | 'lost'): void;
}

/**
 * One attempt to ride a session on one carrier, with the surface that shows its pictures. The surface outlives it
 * (the last picture stays in sight): whoever made the connection closes it.
 */
export class Connection implements ClientCarrierListener {
  readonly transport: Transport;
  readonly surface: PictureSurface;
  readonly clock = new ApplianceClock();
  readonly #carrier: ClientCarrier;
  readonly #webrtc: WebRtcCarrier | null = null;
  readonly #listener: ConnectionListener;
  readonly #watchdog: ReturnType<typeof setInterval>;
  readonly #echoes = new Map<number, number>();
  #echoId = 0;
  #heardMs = performance.now();
  #opened = false;
  #closed = false;

  /** `decoder` is what shows the pictures of a WebSocket. */
  constructor(
    session: SessionReply,
    transport: Transport,
    decoder: SocketDecoder | null,
    listener: ConnectionListener,
  ) {
    this.transport = transport;
    this.#listener = listener;
    const shown = (picture: ShownPicture) => listener.shown(this, picture);
    if (transport === 'webrtc') {
      const carrier = new WebRtcCarrier(session, this);
      this.#carrier = carrier;
      this.#webrtc = carrier;
      this.surface = new VideoSurface(carrier.receiver, shown);
    } else {
      const surface = this.#receivingSurface(decoder, shown);
      const picture = (unit: AccessUnit) => surface.receive(unit);
      this.surface = surface;
      this.#carrier = new SocketCarrier(socketUrl(session.session), this, picture);
    }
    this.#watchdog = setInterval(() => this.#watch(), LIMITS.pingIntervalMs);
  }

  /** When the appliance was last heard here, by performance.now(). */
  get heardMs(): number {
    return this.#heardMs;
  }

  /** Whether it ever worked. */
  get everOpen(): boolean {
    return this.#opened;
  }

  /** How its packets travel; null where that is not known or there is only one way. */
  async route(): Promise<WebRtcRoute | null> {
    return (await this.#webrtc?.route()) ?? null;
  }

  /** Looks for another way through the network, where the carrier can; its end tells when there is none. */
  repair(): void {
    void this.#webrtc?.restartIce();
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
    this.#listener.opened(this);
  }

  message(_carrier: ClientCarrier, message: ServerMessage): void {
    this.#heardMs = performance.now();
    // The appliance may have been replaced by a newer one while this page stayed open.
    if (message.type === 'hello' && message.protocol !== PROTOCOL_VERSION) {
      this.#giveUp('version-mismatch');
      return;
    }
    this.#listener.message(this, message);
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
    this.#listener.closed(this, reason);
  }

  #receivingSurface(
    decoder: SocketDecoder | null,
    shown: (picture: ShownPicture) => void,
  ): ReceivingSurface {
    const askKeyframe = () => this.sendMessage({ type: 'keyframe' });
    const undecodable = () => this.#giveUp('no-decoder');
    const sources = decoder === 'mse' ? mediaSources() : null;
    return sources
      ? new MseSurface(sources, shown, askKeyframe, undecodable)
      : new CanvasSurface(shown, askKeyframe, undecodable);
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
    if (sentMs !== undefined) this.clock.add(sentMs, performance.now(), applianceUs);
  }
}
