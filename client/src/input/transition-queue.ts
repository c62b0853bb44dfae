import type { ByteWriter } from '../../../server/protocol/byte-writer.js';
import {
  encodeTransitions,
  TRANSITIONS_HEADER_BYTES,
  transitionBytes,
} from '../../../server/protocol/input-codec.js';
import {
  type InputTransition,
  MAX_INPUT_BYTES,
  MAX_TRANSITIONS,
} from '../../../server/protocol/input-messages.js';
import type { KeyUsage } from '../../../server/protocol/key-usage.js';

/** What is held; a new object for each change. */
export interface Held {
  readonly usages: readonly KeyUsage[];
  /** Bit n is mouse button n. */
  readonly buttons: number;
}

/** Entries kept for the fast lane; the reliable lane has long had those that fall off. */
const MAX_ENTRIES = 2048;

/** The transitions of one epoch that are not acknowledged yet, each with what was held after it. */
export class TransitionQueue {
  #epoch: number;
  #entries: Array<{ transition: InputTransition; held: Held }> = [];
  /** Sequence of the first entry, and what was held before it. */
  #first = 1;
  #heldBefore: Held;
  #acknowledged = -1;

  constructor(epoch: number, held: Held) {
    this.#epoch = epoch;
    this.#heldBefore = held;
  }

  /** 0 before the first transition. */
  get lastSequence(): number {
    return this.#first + this.#entries.length - 1;
  }

  /** False as long as the receiver may not have the last transition or, before the first one, the state. */
  get settled(): boolean {
    return this.#acknowledged >= this.lastSequence;
  }

  /** The first sequence that is worth sending again. */
  get firstUnsettled(): number {
    return this.#first;
  }

  /** What is not acknowledged goes out in this epoch from now on, under its old numbers. */
  continueIn(epoch: number): void {
    this.#epoch = epoch;
  }

  push(transition: InputTransition, held: Held): void {
    this.#entries.push({ transition, held });
    if (this.#entries.length > MAX_ENTRIES) this.#drop(1);
  }

  /** The receiver has all transitions up to this one. */
  acknowledge(sequence: number): void {
    if (sequence > this.lastSequence) return;
    this.#acknowledged = Math.max(this.#acknowledged, sequence);
    this.#drop(sequence - this.#first + 1);
  }

  /**
   * Writes one message with as many transitions from `sequence` on as fit, oldest first, or with none the state
   * alone. Returns the sequence that the next message begins with.
   */
  encode(sequence: number, writer: ByteWriter): number {
    const start = Math.max(sequence, this.#first);
    const transitions: InputTransition[] = [];
    let held = this.#entries[start - this.#first - 1]?.held ?? this.#heldBefore;
    let bytes = TRANSITIONS_HEADER_BYTES;
    for (let index = start - this.#first; index < this.#entries.length; index += 1) {
      const entry = this.#entries[index];
      if (!entry || transitions.length === MAX_TRANSITIONS) break;
      bytes += transitionBytes(entry.transition);
      if (bytes + 2 * entry.held.usages.length > MAX_INPUT_BYTES) break;
      transitions.push(entry.transition);
      held = entry.held;
    }
    const message = {
      type: 'transitions' as const,
      epoch: this.#epoch,
      firstSequence: start,
      transitions,
      heldUsages: held.usages,
      heldButtons: held.buttons,
    };
    encodeTransitions(message, writer);
    return start + transitions.length;
  }

  #drop(count: number): void {
    if (count <= 0) return;
    const dropped = this.#entries.splice(0, count);
    this.#heldBefore = dropped.at(-1)?.held ?? this.#heldBefore;
    this.#first += dropped.length;
  }
}
