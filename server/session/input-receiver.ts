import { decodeInput, encodeAck } from '../protocol/input-codec.js';
import {
  type DecodeFailure,
  type InputTransition,
  type MotionMessage,
  type PointerBlock,
  type TransitionsMessage,
  UNTOUCHED_POINTER,
} from '../protocol/input-messages.js';
import { type KeyUsage, MOUSE_BUTTONS, type MouseButton } from '../protocol/key-usage.js';
import type { Lane } from './carrier.js';
import type { InputSink, InputSource, PointerUpdate } from './input-sink.js';

export interface InputReceiverOptions {
  /** The viewer sent what no page of ours sends; the owner ends its carrier. Nothing of it was applied. */
  onProtocolError(reason: DecodeFailure['reason']): void;
}

/**
 * One session's input, from its messages to the sink (docs/input-protocol.md). Applies transitions once and in
 * order, whatever the lanes lose, repeat or reorder, and makes what is held equal to what the page says is held.
 */
export class InputReceiver {
  readonly #source: InputSource;
  readonly #sink: InputSink;
  readonly #options: InputReceiverOptions;
  #epoch = 0;
  /** All transitions up to this one are applied. */
  #sequence = 0;
  /** The last applied pointer; its counters are the base of the next differences. */
  #pointer = UNTOUCHED_POINTER;
  /** Where the pointer is, without motion: the place of clicks that come without one. Survives the epoch. */
  #place: PointerUpdate = { mode: 'relative', dx: 0, dy: 0, wheel: 0, pan: 0 };
  /** Motion that came before a transition it must follow. */
  #early: MotionMessage | null = null;
  readonly #usages = new Set<KeyUsage>();
  readonly #buttons = new Set<MouseButton>();

  constructor(source: InputSource, sink: InputSink, options: InputReceiverOptions) {
    this.#source = source;
    this.#sink = sink;
    this.#options = options;
  }

  /**
   * Takes input of this epoch and of no other from now on. What is held stays held until the page's first message
   * says what it holds; epoch 0 takes nothing and releases everything.
   */
  beginEpoch(epoch: number): void {
    if (epoch === 0) {
      this.end();
      return;
    }
    this.#epoch = epoch;
    this.#sequence = 0;
    this.#pointer = UNTOUCHED_POINTER;
    this.#early = null;
  }

  /**
   * The page moved to another carrier: this epoch goes on where the last one stands, with its sequence, its
   * counters and what is held. The page sends again what was not acknowledged. Not for epoch 0.
   */
  continueEpoch(epoch: number): void {
    this.#epoch = epoch;
  }

  /** Takes one input message; acknowledgements leave through `reply` on the lane that it came from. */
  receive(
    bytes: Uint8Array,
    lane: Lane,
    reply: (bytes: Uint8Array<ArrayBuffer>, lane: Lane) => void,
  ): void {
    const message = decodeInput(bytes);
    if (message.type === 'invalid') {
      this.#options.onProtocolError(message.reason);
      return;
    }
    // Messages of an old epoch are still under way after each change of control or carrier: no error.
    if (this.#epoch === 0 || message.epoch !== this.#epoch) return;
    if (message.type === 'transitions') this.#receiveTransitions(message);
    else this.#receiveMotion(message);
    // A page moves its pointer up to 125 times a second: only what it repeats until acknowledged is answered.
    if (message.type === 'motion' && lane === 'fast') return;
    const ack = {
      epoch: this.#epoch,
      sequence: this.#sequence,
      motionSequence: this.#pointer.motionSequence,
    };
    reply(encodeAck(ack), lane);
  }

  /** Releases all that this session holds and takes nothing until the next beginEpoch(). Idempotent. */
  end(): void {
    this.#epoch = 0;
    this.#early = null;
    this.#usages.clear();
    this.#buttons.clear();
    this.#sink.releaseAll(this.#source);
  }

  #receiveTransitions(message: TransitionsMessage): void {
    const { firstSequence, transitions } = message;
    // A gap: the reliable lane fills it, until then this message says nothing.
    if (firstSequence > this.#sequence + 1) return;
    const lastSequence = firstSequence + transitions.length - 1;
    if (lastSequence < this.#sequence) return;
    for (const transition of transitions.slice(this.#sequence + 1 - firstSequence)) {
      this.#sequence += 1;
      this.#apply(transition);
    }
    this.#reconcile(message);
    const early = this.#early;
    if (early && early.afterSequence <= this.#sequence) {
      this.#early = null;
      this.#receiveMotion(early);
    }
  }

  #receiveMotion(message: MotionMessage): void {
    if (message.pointer.motionSequence <= this.#pointer.motionSequence) return;
    if (message.afterSequence <= this.#sequence) {
      this.#sink.move(this.#source, this.#advance(message.pointer));
      return;
    }
    const known = this.#early?.pointer.motionSequence ?? 0;
    if (message.pointer.motionSequence > known) this.#early = message;
  }

  #apply(transition: InputTransition): void {
    switch (transition.kind) {
      case 'key':
        this.#key(transition.usage, transition.down);
        break;
      case 'button':
        this.#button(transition.button, transition.down, this.#advance(transition.pointer));
        break;
      case 'pointer':
        this.#sink.move(this.#source, this.#advance(transition.pointer));
        break;
    }
  }

  #key(usage: KeyUsage, down: boolean): void {
    if (this.#usages.has(usage) === down) return;
    if (down) this.#usages.add(usage);
    else this.#usages.delete(usage);
    this.#sink.key(this.#source, usage, down);
  }

  #button(button: MouseButton, down: boolean, pointer: PointerUpdate): void {
    if (this.#buttons.has(button) === down) {
      this.#sink.move(this.#source, pointer);
      return;
    }
    if (down) this.#buttons.add(button);
    else this.#buttons.delete(button);
    this.#sink.button(this.#source, button, down, pointer);
  }

  /** Makes the held keys and buttons those of the message, which is about the last applied transition. */
  #reconcile(message: TransitionsMessage): void {
    const held = new Set(message.heldUsages);
    for (const usage of [...this.#usages]) if (!held.has(usage)) this.#key(usage, false);
    for (const usage of held) this.#key(usage, true);
    for (let button = 0; button < MOUSE_BUTTONS; button += 1) {
      const down = (message.heldButtons & (1 << button)) !== 0;
      if (this.#buttons.has(button as MouseButton) === down) continue;
      this.#button(button as MouseButton, down, this.#place);
    }
  }

  /** The way from the last applied pointer to `next`, which becomes the last applied one. */
  #advance(next: PointerBlock): PointerUpdate {
    const last = this.#pointer;
    // A block from before an applied one would count backwards.
    if (next.motionSequence < last.motionSequence) return this.#place;
    this.#pointer = next;
    const wheel = (next.wheel - last.wheel) | 0;
    const pan = (next.pan - last.pan) | 0;
    if (next.mode === 'absolute') {
      this.#place = { mode: 'absolute', x: next.x, y: next.y, wheel: 0, pan: 0 };
      return { ...this.#place, wheel, pan };
    }
    this.#place = { mode: 'relative', dx: 0, dy: 0, wheel: 0, pan: 0 };
    const dx = (next.relX - last.relX) | 0;
    const dy = (next.relY - last.relY) | 0;
    return { mode: 'relative', dx, dy, wheel, pan };
  }
}
