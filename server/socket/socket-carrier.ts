import type { WebSocket } from 'ws';
import type { AccessUnit } from '../protocol/access-unit.js';
import { parseClientMessage } from '../protocol/client-message.js';
import type { ServerMessage } from '../protocol/control-messages.js';
import type { ErrorCode } from '../protocol/error-codes.js';
import { LIMITS } from '../protocol/limits.js';
import { decodePictureAck, type PicturePart, pictureParts } from '../protocol/picture-message.js';
import type { Carrier, CarrierOwner, Lane } from '../session/carrier.js';
import type { PathReport } from '../session/path-report.js';
import { Backlog } from './backlog.js';
import { SendWindow } from './send-window.js';

/** A picture is never queued behind more than this many unsent bytes, whatever the acknowledgements say. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
/** A socket that does not finish its closing handshake is cut after this. */
const CLOSE_TIMEOUT_MS = 1000;

/** The session on one WebSocket: text is JSON, binary is input, acknowledgements, pings and pictures. */
export class SocketCarrier implements Carrier {
  readonly kind = 'websocket';
  readonly interactive = true;
  readonly #socket: WebSocket;
  readonly #owner: CarrierOwner;
  readonly #now: () => number;
  readonly #backlog = new Backlog();
  readonly #window = new SendWindow();
  /** Parts of pictures that wait for room in the window. */
  #waiting: PicturePart[] = [];
  /** Dropping pictures up to the next keyframe; true at first, since a picture stream begins with one. */
  #dropping = true;
  /** A keyframe has been asked for since dropping began and has not come yet. */
  #asked = true;
  #closed = false;

  constructor(socket: WebSocket, owner: CarrierOwner, now: () => number = () => performance.now()) {
    this.#socket = socket;
    this.#owner = owner;
    this.#now = now;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (content: Buffer, isBinary) => this.#message(content, isBinary));
    socket.on('close', () => this.#ended('connect-failed'));
    // 'close' follows each error, so there is nothing more to do than not to crash.
    socket.on('error', () => {});
    owner.carrierOpened(this);
  }

  get path(): PathReport | null {
    return this.#backlog.report(this.#now());
  }

  sendMessage(message: ServerMessage): void {
    if (!this.#closed) this.#socket.send(JSON.stringify(message));
  }

  sendBinary(bytes: Uint8Array, _lane: Lane): void {
    if (!this.#closed) this.#socket.send(bytes);
  }

  sendAccessUnit(unit: AccessUnit): void {
    if (this.#closed || !this.#admit(unit)) return;
    const parts = pictureParts(unit);
    this.#backlog.added(
      parts.reduce((sum, part) => sum + sizeOf(part), 0),
      this.#now(),
    );
    this.#waiting.push(...parts);
    this.#sendWaiting();
  }

  close(reason: ErrorCode): void {
    if (this.#closed) return;
    this.sendMessage({ type: 'end', error: reason });
    this.#socket.close(1000, reason);
    const cut = setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS);
    this.#socket.once('close', () => clearTimeout(cut));
    this.#ended(reason);
  }

  #sendWaiting(): void {
    let count = 0;
    for (const part of this.#waiting) {
      const bytes = sizeOf(part);
      if (!this.#window.admits(bytes)) break;
      count += 1;
      this.#window.sent(bytes, this.#now());
      // Two fragments of one message: the access unit is not copied to stand behind its header.
      this.#socket.send(part.header, { binary: true, fin: false });
      this.#socket.send(part.content, { binary: true, fin: true });
    }
    this.#waiting.splice(0, count);
  }

  /** Whether to send this picture now; decides to drop and when to go on. */
  #admit(unit: AccessUnit): boolean {
    const behind =
      this.#backlog.ms(this.#now()) > LIMITS.maxBacklogMs ||
      this.#socket.bufferedAmount > MAX_UNSENT_BYTES;
    if (!this.#dropping) {
      if (!behind) return true;
      this.#dropping = true;
      this.#asked = false;
      return false;
    }
    if (unit.keyframe && !behind) {
      this.#dropping = false;
      return true;
    }
    // A keyframe that came too early is lost for this viewer: it needs another one.
    if (unit.keyframe) this.#asked = false;
    this.#askWhenDrained();
    return false;
  }

  /** A keyframe asked for while old pictures still clog the path would only be dropped too. */
  #askWhenDrained(): void {
    if (!this.#dropping || this.#asked || !this.#backlog.empty) return;
    this.#asked = true;
    this.#owner.carrierNeedsKeyframe(this);
  }

  #message(content: Buffer, isBinary: boolean): void {
    if (this.#closed) return;
    if (isBinary) this.#binary(content);
    else this.#text(content.toString('utf8'));
  }

  #text(text: string): void {
    const message = parseClientMessage(text);
    if (!message) {
      this.close('protocol-error');
      return;
    }
    if (message.type === 'keyframe') this.#dropping = this.#asked = true;
    this.#owner.carrierMessage(this, message);
  }

  #binary(bytes: Buffer): void {
    const acknowledged = decodePictureAck(bytes);
    if (acknowledged === null) {
      this.#owner.carrierBinary(this, bytes, 'reliable');
      return;
    }
    const now = this.#now();
    const totalBytes = this.#backlog.wholeCount(acknowledged);
    this.#backlog.acknowledged(totalBytes, now);
    this.#window.acknowledged(totalBytes, this.#backlog.bitrateBps, now);
    this.#sendWaiting();
    this.#askWhenDrained();
  }

  #ended(reason: ErrorCode): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#owner.carrierClosed(this, reason);
  }
}

function sizeOf({ header, content }: PicturePart): number {
  return header.length + content.length;
}
