import type { KeyUsage, MouseButton } from './key-usage.js';

/** First byte of each binary input message. Below 0x80 from the page, above from the appliance. */
export const INPUT_MESSAGE = {
  transitions: 0x01,
  motion: 0x02,
  pong: 0x03,
  echoRequest: 0x04,
  ack: 0x81,
  ping: 0x82,
  echoReply: 0x84,
} as const;

/** Absolute positions run from 0 to this, left to right and top to bottom, over the whole picture. */
export const MAX_POSITION = 32_767;
/** The page keeps each message on the fast lane below one packet of any path. */
export const MAX_INPUT_BYTES = 1000;
/** More keys than any keyboard has fingers for; a message with more is a protocol error. */
export const MAX_HELD_USAGES = 128;
/** Transitions of one message. */
export const MAX_TRANSITIONS = 255;

/**
 * The pointer since the epoch began. `relX`, `relY`, `wheel` and `pan` are counters that wrap at 32 bits: the
 * receiver applies differences, so a lost message loses nothing. Wheel and pan count detents, away from the user
 * and right positive.
 */
export interface PointerBlock {
  mode: 'absolute' | 'relative';
  /** Grows with each change of the block; 0 is the untouched pointer of a new epoch. */
  motionSequence: number;
  /** 0 to {@link MAX_POSITION}; meaningless in relative mode. */
  x: number;
  y: number;
  relX: number;
  relY: number;
  wheel: number;
  pan: number;
}

/** The pointer of a new epoch: counters start at 0 on both sides. */
export const UNTOUCHED_POINTER: Readonly<PointerBlock> = {
  mode: 'relative',
  motionSequence: 0,
  x: 0,
  y: 0,
  relX: 0,
  relY: 0,
  wheel: 0,
  pan: 0,
};

/** One event that must arrive, in order. A pointer transition puts motion in its place between two others. */
export type InputTransition =
  | { kind: 'key'; usage: KeyUsage; down: boolean }
  | { kind: 'button'; button: MouseButton; down: boolean; pointer: PointerBlock }
  | { kind: 'pointer'; pointer: PointerBlock };

/**
 * Transitions `firstSequence`, `firstSequence + 1`, ... and what is held after the last of them. Without
 * transitions it is the state after sequence `firstSequence - 1`.
 */
export interface TransitionsMessage {
  type: 'transitions';
  epoch: number;
  firstSequence: number;
  transitions: readonly InputTransition[];
  heldUsages: readonly KeyUsage[];
  /** Bit n is {@link MouseButton} n. */
  heldButtons: number;
}

/** Motion that came after transition `afterSequence`; the newest one wins. */
export interface MotionMessage {
  type: 'motion';
  epoch: number;
  afterSequence: number;
  pointer: PointerBlock;
}

/** The receiver has applied all transitions up to `sequence` and motion up to `motionSequence`. */
export interface AckMessage {
  epoch: number;
  sequence: number;
  motionSequence: number;
}

/** A message of the appliance that carries its clock (CLOCK_MONOTONIC, microseconds). */
export interface TimedMessage {
  id: number;
  applianceTimeUs: number;
}

/** Why bytes are no message: unknown first byte, wrong length, or a value out of its range. */
export interface DecodeFailure {
  type: 'invalid';
  reason: 'unknown-type' | 'length' | 'range';
}
