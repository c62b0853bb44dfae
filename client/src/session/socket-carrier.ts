import type { AccessUnit } from '../../../server/protocol/access-unit.js';
import type { ClientMessage, ServerMessage } from '../../../server/protocol/control-messages.js';
import type { ErrorCode } from '../../../server/protocol/error-codes.js';
import { INPUT_MESSAGE } from '../../../server/protocol/input-messages.js';
import { encodePictureAck, PictureAssembler } from '../../../server/protocol/picture-message.js';
import type { ClientCarrier, ClientCarrierListener, Lane } from './client-carrier.js';

/** Pictures are acknowledged this often: enough to measure a backlog of 150 ms. */
const ACK_INTERVAL_MS = 40;
/** Or as soon as so much has come, so that a fast path is not held up. */
const ACK_BYTES = 16 * 1024;

/** The session on one WebSocket. */
export class SocketCarrier implements ClientCarrier {
  readonly kind = 'websocket';
  readonly #socket: WebSocket;
  readonly #listener: ClientCarrierListener;
  readonly #picture: (unit: AccessUnit) => void;
  readonly #assembler = new PictureAssembler();
  #receivedBytes = 0;
  #acknowledgedBytes = 0;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  #reason: ErrorCode | 'lost' = 'lost';
  #closed = false;

  constructor(url: string, listener: ClientCarrierListener, picture: (unit: AccessUnit) => void) {
    this.#listener = listener;
    this.#picture = picture;
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => listener.opened(this);
    this.#socket.onmessage = (event) => this.#message(event.data as string | ArrayBuffer);
    this.#socket.onclose = () => this.#end();
  }

  sendBinary(bytes: Uint8Array<ArrayBuffer>, lane: Lane): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    // The reliable lane has them already, and there is only one lane here.
    if (lane === 'fast' && bytes[0] === INPUT_MESSAGE.transitions) return true;
    this.#socket.send(bytes);
    return true;
  }

  sendMessage(message: ClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  close(): void {
    this.#socket.close();
    this.#end();
  }

  #message(content: string | ArrayBuffer): void {
    if (this.#closed) return;
    if (typeof content === 'string') {
      const message = JSON.parse(content) as ServerMessage;
      if (message.type === 'end') this.#reason = message.error;
      this.#listener.message(this, message);
      return;
    }
    const bytes = new Uint8Array(content);
    const unit = this.#assembler.add(bytes);
    if (!unit) {
      this.#listener.binary(this, bytes, 'reliable');
      return;
    }
    this.#receivedBytes += bytes.length;
    if (this.#receivedBytes - this.#acknowledgedBytes >= ACK_BYTES) this.#acknowledge();
    else this.#ackTimer ??= setTimeout(() => this.#acknowledge(), ACK_INTERVAL_MS);
    if (unit !== 'waiting') this.#picture(unit);
  }

  #acknowledge(): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#acknowledgedBytes = this.#receivedBytes;
    this.sendBinary(encodePictureAck(this.#receivedBytes), 'reliable');
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#ackTimer);
    this.#listener.closed(this, this.#reason);
  }
}
