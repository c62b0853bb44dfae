import type { AccessUnit } from './access-unit.js';

/**
 * One coded picture on the WebSocket carrier: a header of 18 bytes, little-endian, then the access unit.
 * type u8 = 0x90 · flags u8 (bit 0 keyframe) · width u16 · height u16 · number u32 · timestampUs f64.
 */
export const PICTURE_MESSAGE = 0x90;
export const PICTURE_HEADER_BYTES = 18;

const KEYFRAME_FLAG = 0x01;

/** The header of `unit`; the access unit follows it in the same message. */
export function encodePictureHeader(unit: AccessUnit): Uint8Array {
  const bytes = new Uint8Array(PICTURE_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, PICTURE_MESSAGE);
  view.setUint8(1, unit.keyframe ? KEYFRAME_FLAG : 0);
  view.setUint16(2, unit.width, true);
  view.setUint16(4, unit.height, true);
  view.setUint32(6, unit.number >>> 0, true);
  view.setFloat64(10, unit.timestampUs, true);
  return bytes;
}

/** Reads a whole picture message; `data` is a view into `bytes`. Null when it is none or is cut short. */
export function decodePicture(bytes: Uint8Array): AccessUnit | null {
  if (bytes.length <= PICTURE_HEADER_BYTES || bytes[0] !== PICTURE_MESSAGE) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    keyframe: (view.getUint8(1) & KEYFRAME_FLAG) !== 0,
    width: view.getUint16(2, true),
    height: view.getUint16(4, true),
    number: view.getUint32(6, true),
    timestampUs: view.getFloat64(10, true),
    data: bytes.subarray(PICTURE_HEADER_BYTES),
  };
}

/** The page has received all pictures up to this number: type u8 = 0x05 · number u32, little-endian. */
export const PICTURE_ACK = 0x05;

export function encodePictureAck(number: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(5);
  bytes[0] = PICTURE_ACK;
  new DataView(bytes.buffer).setUint32(1, number >>> 0, true);
  return bytes;
}

/** The acknowledged number, or null when `bytes` is no acknowledgement. */
export function decodePictureAck(bytes: Uint8Array): number | null {
  if (bytes.length !== 5 || bytes[0] !== PICTURE_ACK) return null;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(1, true);
}
