import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import {
  type AckMessage,
  type DecodeFailure,
  INPUT_MESSAGE,
  type InputTransition,
  MAX_HELD_USAGES,
  MAX_POSITION,
  MAX_TRANSITIONS,
  type MotionMessage,
  type PointerBlock,
  type TimedMessage,
  type TransitionsMessage,
} from './input-messages.js';
import { isKeyUsage, isMouseButton, MOUSE_BUTTONS } from './key-usage.js';

/*
 * The binary input messages of docs/input-protocol.md, little-endian as the HID reports that they end in. Decoders
 * take any bytes: they return null, or for a viewer's input a failure that says why, and never throw.
 */

const KEY_UP = 0;
const KEY_DOWN = 1;
const BUTTON_UP = 2;
const BUTTON_DOWN = 3;
const POINTER = 4;
const ABSOLUTE = 1;
const RELATIVE = 2;

const POINTER_BYTES = 25;
const MAX_SEQUENCE = 0xffff_ffff;
const ID_BYTES = 5;
const TIMED_BYTES = 13;
const ACK_BYTES = 13;

/** Size of a transitions message before its transitions and held usages. */
export const TRANSITIONS_HEADER_BYTES = 12;
/** Size of a motion message. */
export const MOTION_BYTES = 9 + POINTER_BYTES;

/** Bytes that one transition takes on the wire. */
export function transitionBytes(transition: InputTransition): number {
  if (transition.kind === 'key') return 3;
  return transition.kind === 'button' ? 2 + POINTER_BYTES : 1 + POINTER_BYTES;
}

/** Appends a transitions message. The caller keeps within the writer's capacity and the message's limits. */
export function encodeTransitions(message: TransitionsMessage, writer: ByteWriter): void {
  writer.u8(INPUT_MESSAGE.transitions);
  writer.u32(message.epoch);
  writer.u32(message.firstSequence);
  writer.u8(message.transitions.length);
  writer.u8(message.heldUsages.length);
  writer.u8(message.heldButtons);
  for (const transition of message.transitions) encodeTransition(transition, writer);
  for (const usage of message.heldUsages) writer.u16(usage);
}

/** Appends a motion message. */
export function encodeMotion(message: MotionMessage, writer: ByteWriter): void {
  writer.u8(INPUT_MESSAGE.motion);
  writer.u32(message.epoch);
  writer.u32(message.afterSequence);
  encodePointer(message.pointer, writer);
}

/** Reads what moves the target. Pong and echo requests are no input: they come back as 'unknown-type'. */
export function decodeInput(bytes: Uint8Array): TransitionsMessage | MotionMessage | DecodeFailure {
  if (bytes[0] === INPUT_MESSAGE.transitions) return decodeTransitions(bytes);
  if (bytes[0] === INPUT_MESSAGE.motion) return decodeMotion(bytes);
  return { type: 'invalid', reason: 'unknown-type' };
}

/** Answer to a ping, sent on receipt and on the lane that it came from. */
export const encodePong = (id: number): Uint8Array<ArrayBuffer> => encodeId(INPUT_MESSAGE.pong, id);
/** The id, or null when `bytes` is no pong. */
export const decodePong = (bytes: Uint8Array): number | null => decodeId(INPUT_MESSAGE.pong, bytes);

/** Asks for the appliance's clock; the page measures the round trip with it. */
export const encodeEchoRequest = (id: number): Uint8Array<ArrayBuffer> =>
  encodeId(INPUT_MESSAGE.echoRequest, id);
/** The id, or null when `bytes` is no echo request. */
export const decodeEchoRequest = (bytes: Uint8Array): number | null =>
  decodeId(INPUT_MESSAGE.echoRequest, bytes);

export const encodePing = (id: number, applianceTimeUs: number): Uint8Array<ArrayBuffer> =>
  encodeTimed(INPUT_MESSAGE.ping, id, applianceTimeUs);
/** Null when `bytes` is no ping. */
export const decodePing = (bytes: Uint8Array): TimedMessage | null =>
  decodeTimed(INPUT_MESSAGE.ping, bytes);

export const encodeEchoReply = (id: number, applianceTimeUs: number): Uint8Array<ArrayBuffer> =>
  encodeTimed(INPUT_MESSAGE.echoReply, id, applianceTimeUs);
/** Null when `bytes` is no echo reply. */
export const decodeEchoReply = (bytes: Uint8Array): TimedMessage | null =>
  decodeTimed(INPUT_MESSAGE.echoReply, bytes);

export function encodeAck(ack: AckMessage): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(ACK_BYTES);
  writer.u8(INPUT_MESSAGE.ack);
  writer.u32(ack.epoch);
  writer.u32(ack.sequence);
  writer.u32(ack.motionSequence);
  return writer.finish();
}

/** Null when `bytes` is no acknowledgement. */
export function decodeAck(bytes: Uint8Array): AckMessage | null {
  if (bytes.length !== ACK_BYTES || bytes[0] !== INPUT_MESSAGE.ack) return null;
  const reader = new ByteReader(bytes.subarray(1));
  return { epoch: reader.u32(), sequence: reader.u32(), motionSequence: reader.u32() };
}

function encodeTransition(transition: InputTransition, writer: ByteWriter): void {
  switch (transition.kind) {
    case 'key':
      writer.u8(transition.down ? KEY_DOWN : KEY_UP);
      writer.u16(transition.usage);
      break;
    case 'button':
      writer.u8(transition.down ? BUTTON_DOWN : BUTTON_UP);
      writer.u8(transition.button);
      encodePointer(transition.pointer, writer);
      break;
    case 'pointer':
      writer.u8(POINTER);
      encodePointer(transition.pointer, writer);
      break;
  }
}

function encodePointer(pointer: PointerBlock, writer: ByteWriter): void {
  writer.u8(pointer.mode === 'absolute' ? ABSOLUTE : RELATIVE);
  writer.u32(pointer.motionSequence);
  writer.u16(pointer.x);
  writer.u16(pointer.y);
  writer.i32(pointer.relX);
  writer.i32(pointer.relY);
  writer.i32(pointer.wheel);
  writer.i32(pointer.pan);
}

function decodeTransitions(bytes: Uint8Array): TransitionsMessage | DecodeFailure {
  const reader = new ByteReader(bytes.subarray(1));
  const epoch = reader.u32();
  const firstSequence = reader.u32();
  const count = reader.u8();
  const heldCount = reader.u8();
  const heldButtons = reader.u8();
  if (!reader.complete) return { type: 'invalid', reason: 'length' };
  const inRange =
    count <= MAX_TRANSITIONS &&
    heldCount <= MAX_HELD_USAGES &&
    heldButtons < 1 << MOUSE_BUTTONS &&
    firstSequence > 0 &&
    firstSequence + count <= MAX_SEQUENCE;
  if (!inRange) return { type: 'invalid', reason: 'range' };
  const transitions: InputTransition[] = [];
  for (let index = 0; index < count; index += 1) {
    const transition = decodeTransition(reader);
    if (!reader.complete) return { type: 'invalid', reason: 'length' };
    if (!transition) return { type: 'invalid', reason: 'range' };
    transitions.push(transition);
  }
  const heldUsages: number[] = [];
  for (let index = 0; index < heldCount; index += 1) heldUsages.push(reader.u16());
  if (!reader.atEnd) return { type: 'invalid', reason: 'length' };
  if (!heldUsages.every(isKeyUsage)) return { type: 'invalid', reason: 'range' };
  return { type: 'transitions', epoch, firstSequence, transitions, heldUsages, heldButtons };
}

function decodeTransition(reader: ByteReader): InputTransition | null {
  const kind = reader.u8();
  switch (kind) {
    case KEY_UP:
    case KEY_DOWN: {
      const usage = reader.u16();
      return isKeyUsage(usage) ? { kind: 'key', usage, down: kind === KEY_DOWN } : null;
    }
    case BUTTON_UP:
    case BUTTON_DOWN: {
      const button = reader.u8();
      const pointer = decodePointer(reader);
      if (!pointer || !isMouseButton(button)) return null;
      return { kind: 'button', button, down: kind === BUTTON_DOWN, pointer };
    }
    case POINTER: {
      const pointer = decodePointer(reader);
      return pointer && { kind: 'pointer', pointer };
    }
    default:
      return null;
  }
}

function decodeMotion(bytes: Uint8Array): MotionMessage | DecodeFailure {
  if (bytes.length !== MOTION_BYTES) return { type: 'invalid', reason: 'length' };
  const reader = new ByteReader(bytes.subarray(1));
  const epoch = reader.u32();
  const afterSequence = reader.u32();
  const pointer = decodePointer(reader);
  if (!pointer) return { type: 'invalid', reason: 'range' };
  return { type: 'motion', epoch, afterSequence, pointer };
}

function decodePointer(reader: ByteReader): PointerBlock | null {
  const mode = reader.u8();
  const pointer: PointerBlock = {
    mode: mode === ABSOLUTE ? 'absolute' : 'relative',
    motionSequence: reader.u32(),
    x: reader.u16(),
    y: reader.u16(),
    relX: reader.i32(),
    relY: reader.i32(),
    wheel: reader.i32(),
    pan: reader.i32(),
  };
  const inRange =
    (mode === ABSOLUTE || mode === RELATIVE) &&
    pointer.x <= MAX_POSITION &&
    pointer.y <= MAX_POSITION;
  return inRange ? pointer : null;
}

function encodeId(type: number, id: number): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(ID_BYTES);
  writer.u8(type);
  writer.u32(id);
  return writer.finish();
}

function decodeId(type: number, bytes: Uint8Array): number | null {
  if (bytes.length !== ID_BYTES || bytes[0] !== type) return null;
  return new ByteReader(bytes.subarray(1)).u32();
}

function encodeTimed(type: number, id: number, applianceTimeUs: number): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(TIMED_BYTES);
  writer.u8(type);
  writer.u32(id);
  writer.f64(applianceTimeUs);
  return writer.finish();
}

function decodeTimed(type: number, bytes: Uint8Array): TimedMessage | null {
  if (bytes.length !== TIMED_BYTES || bytes[0] !== type) return null;
  const reader = new ByteReader(bytes.subarray(1));
  return { id: reader.u32(), applianceTimeUs: reader.f64() };
}
