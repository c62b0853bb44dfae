import type { AccessUnit } from './access-unit.js';

/**
 * One coded picture on the WebSocket carrier comes in parts, so that no other message waits behind a whole keyframe. The
 * first part has a header of 18 bytes, little-endian: type u8 = 0x90 · flags u8 (bit 0 keyframe, bit 1 more parts follow) ·
 * width u16 · height u16 · number u32 · timestampUs f64; the others type u8 = 0x91 · flags u8 (bit 1). The bytes of the
 * access unit follow. Parts of two pictures are never mixed.
 */
export const PICTURE_MESSAGE = 0x90;
export const PICTURE_PART_MESSAGE = 0x91;
export const PICTURE_HEADER_BYTES = 18;
const PART_HEADER_BYTES = 2;

/** Bytes of the access unit in one part: 80 ms at 400 kbit/s. */
export const PICTURE_PART_BYTES = 4096;

const KEYFRAME_FLAG = 0x01;
const MORE_FLAG = 0x02;

/** One part as it goes out: both in one message. */
export interface PicturePart {
  readonly header: Uint8Array;
  /** A view into the access unit. */
  readonly content: Uint8Array;
}

/** Cuts a picture into parts. */
export function pictureParts(unit: AccessUnit): PicturePart[] {
  const parts: PicturePart[] = [];
  for (let at = 0; at === 0 || at < unit.data.length; at += PICTURE_PART_BYTES) {
    const end = Math.min(unit.data.length, at + PICTURE_PART_BYTES);
    const more = end < unit.data.length ? MORE_FLAG : 0;
    const header = at === 0 ? pictureHeader(unit, more) : Uint8Array.of(PICTURE_PART_MESSAGE, more);
    parts.push({ header, content: unit.data.subarray(at, end) });
  }
  return parts;
}

function pictureHeader(unit: AccessUnit, more: number): Uint8Array {
  const bytes = new Uint8Array(PICTURE_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, PICTURE_MESSAGE);
  view.setUint8(1, (unit.keyframe ? KEYFRAME_FLAG : 0) | more);
  view.setUint16(2, unit.width, true);
  view.setUint16(4, unit.height, true);
  view.setUint32(6, unit.number >>> 0, true);
  view.setFloat64(10, unit.timestampUs, true);
  return bytes;
}

/** Puts the parts of pictures together again. */
export class PictureAssembler {
  #parts: Uint8Array[] = [];

  /**
   * Takes a part; `bytes` is kept until its picture is complete. Returns the picture that it completes, `waiting` while
   * more is to come, or null when it is no part of a picture.
   */
  add(bytes: Uint8Array): AccessUnit | 'waiting' | null {
    const [type, flags = 0] = bytes;
    if (type === PICTURE_MESSAGE && bytes.length > PICTURE_HEADER_BYTES) this.#parts = [bytes];
    else if (type === PICTURE_PART_MESSAGE && this.#parts.length > 0) this.#parts.push(bytes);
    else return null;
    if (flags & MORE_FLAG) return 'waiting';
    const unit = assemble(this.#parts);
    this.#parts = [];
    return unit;
  }
}

function assemble([
  first = new Uint8Array(PICTURE_HEADER_BYTES),
  ...rest
]: Uint8Array[]): AccessUnit {
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  const contents = [first.subarray(PICTURE_HEADER_BYTES)];
  for (const part of rest) contents.push(part.subarray(PART_HEADER_BYTES));
  return {
    keyframe: (view.getUint8(1) & KEYFRAME_FLAG) !== 0,
    width: view.getUint16(2, true),
    height: view.getUint16(4, true),
    number: view.getUint32(6, true),
    timestampUs: view.getFloat64(10, true),
    data: join(contents),
  };
}

function join(contents: readonly Uint8Array[]): Uint8Array {
  const [only] = contents;
  if (contents.length === 1 && only) return only;
  const whole = new Uint8Array(contents.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const content of contents) {
    whole.set(content, at);
    at += content.length;
  }
  return whole;
}

/**
 * How many bytes of picture messages, headers included, the page has received on this carrier, modulo 2^32:
 * type u8 = 0x05 · bytes u32, little-endian.
 */
export const PICTURE_ACK = 0x05;

export function encodePictureAck(receivedBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(5);
  bytes[0] = PICTURE_ACK;
  new DataView(bytes.buffer).setUint32(1, receivedBytes >>> 0, true);
  return bytes;
}

/** The acknowledged count, or null when `bytes` is no acknowledgement. */
export function decodePictureAck(bytes: Uint8Array): number | null {
  if (bytes.length !== 5 || bytes[0] !== PICTURE_ACK) return null;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(1, true);
}
