import type { KeyUsage, MouseButton } from '../protocol/key-usage.js';

export type { KeyUsage, MouseButton };

/** Where the pointer is or how far it moved since the last call. Wheel and pan are detents, away from the user and right positive. */
export type PointerUpdate =
  | { mode: 'absolute'; x: number; y: number; wheel: number; pan: number }
  | { mode: 'relative'; dx: number; dy: number; wheel: number; pan: number };

/** One source of input: a viewer session, later the typist or a macro. Compared by identity. */
export interface InputSource {
  readonly id: string;
}

/**
 * Where input goes: the target's HID. Keys and buttons are held per source; the target sees the union, so that
 * releasing one source never releases what another still holds.
 */
export interface InputSink {
  key(source: InputSource, usage: KeyUsage, down: boolean): void;
  /** The pointer is put at `pointer` first, so that each click lands at its own position. */
  button(source: InputSource, button: MouseButton, down: boolean, pointer: PointerUpdate): void;
  /** Newest wins for absolute positions; relative motion and wheel add up. */
  move(source: InputSource, pointer: PointerUpdate): void;
  /** Releases all that this source holds; a release is never lost. */
  releaseAll(source: InputSource): void;
}
