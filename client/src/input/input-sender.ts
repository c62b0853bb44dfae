import { ByteWriter } from '../../../server/protocol/byte-writer.js';
import { HID_USAGES } from '../../../server/protocol/hid-usages.js';
import { decodeAck, encodeMotion } from '../../../server/protocol/input-codec.js';
import {
  type InputTransition,
  MAX_HELD_USAGES,
  MAX_INPUT_BYTES,
  type PointerBlock,
  UNTOUCHED_POINTER,
} from '../../../server/protocol/input-messages.js';
import {
  type KeyUsage,
  MOUSE_BUTTONS,
  type MouseButton,
} from '../../../server/protocol/key-usage.js';
import { LIMITS } from '../../../server/protocol/limits.js';
import type { Lane } from '../session/client-carrier.js';
import { browserClock, type InputClock } from './input-clock.js';
import { MotionPacer } from './motion-pacer.js';
import { TransitionQueue } from './transition-queue.js';

/** Sends on a lane of the active carrier; false when nothing was sent. `bytes` is only valid during the call. */
export type SendInput = (bytes: Uint8Array<ArrayBuffer>, lane: Lane) => boolean;

/**
 * What the viewer does, on its way to the target (docs/input-protocol.md): each transition at once on both lanes
 * and again on the fast one until acknowledged; motion paced, newest first. Without control nothing is sent and
 * nothing is held.
 */
export class InputSender {
  readonly #send: SendInput;
  readonly #clock: InputClock;
  readonly #pacer: MotionPacer;
  readonly #writer = new ByteWriter(MAX_INPUT_BYTES);
  readonly #usages = new Set<KeyUsage>();
  #buttons = 0;
  #epoch = 0;
  #pointer = UNTOUCHED_POINTER;
  /** Motion up to this one went out with a transition, or is acknowledged. */
  #settledMotion = 0;
  #queue = new TransitionQueue(0, { usages: [], buttons: 0 });
  /** The reliable lane gets each transition once: the next one to send there. */
  #nextReliable = 1;
  #resends = 0;
  #cancelResend: (() => void) | null = null;

  constructor(send: SendInput, clock: InputClock = browserClock) {
    this.#send = send;
    this.#clock = clock;
    this.#pacer = new MotionPacer(
      clock,
      () => this.#sendMotion(),
      () => this.#repeatMotion(),
    );
  }

  /** Whether this viewer has control: input goes out. */
  get active(): boolean {
    return this.#epoch !== 0;
  }

  /** The present input epoch; 0 without control. */
  get epoch(): number {
    return this.#epoch;
  }

  get heldUsages(): ReadonlySet<KeyUsage> {
    return this.#usages;
  }

  /** Bit n is mouse button n. */
  get heldButtons(): number {
    return this.#buttons;
  }

  /**
   * The appliance gave, took or moved control. A new epoch starts with what is held now; epoch 0 forgets it,
   * because the appliance has released it.
   */
  beginEpoch(epoch: number): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#pacer.stop();
    this.#cancelResend?.();
    this.#cancelResend = null;
    const { mode, x, y } = this.#pointer;
    this.#pointer = { ...UNTOUCHED_POINTER, mode, x, y };
    this.#settledMotion = 0;
    if (epoch === 0) {
      this.#usages.clear();
      this.#buttons = 0;
    }
    this.#queue = new TransitionQueue(epoch, this.#held());
    this.#nextReliable = 1;
    if (epoch !== 0) this.#sendTransitions();
  }

  /**
   * The appliance moved input to another carrier and goes on with the numbers of `continued`: all that is not
   * acknowledged is sent again there. False, and nothing happens, when this page is in another epoch.
   */
  continueEpoch(epoch: number, continued: number): boolean {
    if (this.#epoch === 0 || continued !== this.#epoch) return false;
    this.#epoch = epoch;
    this.#queue.continueIn(epoch);
    this.#nextReliable = this.#queue.firstUnsettled;
    this.#sendTransitions();
    this.#repeatMotion();
    return true;
  }

  /** Takes any binary message of the appliance; only acknowledgements matter here. */
  receive(bytes: Uint8Array): void {
    const ack = decodeAck(bytes);
    if (!ack || ack.epoch !== this.#epoch) return;
    this.#queue.acknowledge(ack.sequence);
    this.#settledMotion = Math.max(this.#settledMotion, ack.motionSequence);
    if (!this.#queue.settled) return;
    this.#cancelResend?.();
    this.#cancelResend = null;
  }

  key(usage: KeyUsage, down: boolean): void {
    if (this.#pushKey(usage, down)) this.#sendTransitions();
  }

  button(button: MouseButton, down: boolean): void {
    if (this.#pushButton(button, down)) this.#sendTransitions();
  }

  /** Puts the pointer at a place of the picture, 0 to 32767 each way. */
  moveTo(x: number, y: number): void {
    const pointer = this.#pointer;
    if (pointer.mode === 'absolute' && pointer.x === x && pointer.y === y) return;
    this.#move({ ...pointer, mode: 'absolute', x, y });
  }

  /** Moves the pointer by whole counts. */
  moveBy(dx: number, dy: number): void {
    if (dx === 0 && dy === 0 && this.#pointer.mode === 'relative') return;
    const relX = (this.#pointer.relX + dx) | 0;
    const relY = (this.#pointer.relY + dy) | 0;
    this.#move({ ...this.#pointer, mode: 'relative', relX, relY });
  }

  /** Turns the wheels by whole detents, away from the user and right positive. */
  scroll(wheel: number, pan: number): void {
    if (wheel === 0 && pan === 0) return;
    const pointer = this.#pointer;
    this.#move({ ...pointer, wheel: (pointer.wheel + wheel) | 0, pan: (pointer.pan + pan) | 0 });
  }

  /** Presses the KeyboardEvent codes in order and releases them in reverse; keys that are held stay held. */
  chord(codes: readonly string[]): void {
    const pressed: KeyUsage[] = [];
    for (const code of codes) {
      const usage = HID_USAGES.get(code);
      if (usage !== undefined && this.#pushKey(usage, true)) pressed.push(usage);
    }
    for (const usage of pressed.reverse()) this.#pushKey(usage, false);
    if (pressed.length > 0) this.#sendTransitions();
  }

  /** Releases everything: the page lost the focus, is hidden or goes away. */
  releaseAll(): void {
    let changed = false;
    for (const usage of [...this.#usages].reverse()) {
      if (this.#pushKey(usage, false)) changed = true;
    }
    for (let button = 0; button < MOUSE_BUTTONS; button += 1) {
      if (this.#pushButton(button as MouseButton, false)) changed = true;
    }
    if (changed) this.#sendTransitions();
  }

  #pushKey(usage: KeyUsage, down: boolean): boolean {
    if (this.#epoch === 0 || this.#usages.has(usage) === down) return false;
    if (down && this.#usages.size >= MAX_HELD_USAGES) return false;
    // Motion that was seen before the key must take effect before it: a wheel turned with Ctrl held zooms.
    if (this.#pointer.motionSequence > this.#settledMotion) {
      this.#push({ kind: 'pointer', pointer: this.#pointer });
    }
    if (down) this.#usages.add(usage);
    else this.#usages.delete(usage);
    this.#push({ kind: 'key', usage, down });
    return true;
  }

  #pushButton(button: MouseButton, down: boolean): boolean {
    const bit = 1 << button;
    if (this.#epoch === 0 || ((this.#buttons & bit) !== 0) === down) return false;
    this.#buttons = down ? this.#buttons | bit : this.#buttons & ~bit;
    this.#push({ kind: 'button', button, down, pointer: this.#pointer });
    return true;
  }

  #push(transition: InputTransition): void {
    this.#queue.push(transition, this.#held());
    if (transition.kind === 'key') return;
    this.#settledMotion = this.#pointer.motionSequence;
    this.#pacer.overtaken();
  }

  #held(): { usages: KeyUsage[]; buttons: number } {
    return { usages: [...this.#usages], buttons: this.#buttons };
  }

  #move(pointer: PointerBlock): void {
    if (this.#epoch === 0) return;
    this.#pointer = { ...pointer, motionSequence: pointer.motionSequence + 1 };
    this.#pacer.moved();
  }

  /** At least the state, where there is no transition. */
  #sendTransitions(): void {
    do {
      const next = this.#queue.encode(this.#nextReliable, this.#writer);
      if (!this.#flush('reliable')) break;
      this.#nextReliable = next;
    } while (this.#nextReliable <= this.#queue.lastSequence);
    this.#sendUnsettled();
    this.#scheduleResends();
  }

  /** All that is not acknowledged, oldest first, as far as one packet goes. */
  #sendUnsettled(): void {
    if (this.#queue.settled) return;
    this.#queue.encode(this.#queue.firstUnsettled, this.#writer);
    this.#flush('fast');
  }

  #scheduleResends(): void {
    this.#resends = 0;
    this.#cancelResend?.();
    this.#resendLater();
  }

  #resendLater(): void {
    const atMs = LIMITS.inputResendMs[this.#resends];
    if (atMs === undefined) {
      this.#cancelResend = null;
      return;
    }
    const sinceMs = LIMITS.inputResendMs[this.#resends - 1] ?? 0;
    this.#cancelResend = this.#clock.after(atMs - sinceMs, () => {
      this.#resends += 1;
      this.#sendUnsettled();
      this.#resendLater();
    });
  }

  #sendMotion(): void {
    // Motion waits at the receiver for the transitions before it, so it brings those along that may be lost.
    this.#sendUnsettled();
    this.#encodeMotion();
    this.#flush('fast');
  }

  #repeatMotion(): void {
    if (this.#pointer.motionSequence <= this.#settledMotion) return;
    this.#encodeMotion();
    this.#flush('reliable');
  }

  #encodeMotion(): void {
    const afterSequence = this.#queue.lastSequence;
    const message = {
      type: 'motion' as const,
      epoch: this.#epoch,
      afterSequence,
      pointer: this.#pointer,
    };
    encodeMotion(message, this.#writer);
  }

  #flush(lane: Lane): boolean {
    const sent = this.#send(this.#writer.finish(), lane);
    this.#writer.reset();
    return sent;
  }
}
