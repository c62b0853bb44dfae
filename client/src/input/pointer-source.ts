import { MAX_POSITION } from '../../../server/protocol/input-messages.js';
import { MOUSE_BUTTONS, type MouseButton } from '../../../server/protocol/key-usage.js';
import { browserClock, type InputClock } from './input-clock.js';
import type { PageRect } from './picture-rect.js';
import { TouchGesture } from './touch-gesture.js';
import { WheelDetents, type WheelTurn } from './wheel-detents.js';

/** What is needed of a PointerEvent. */
export interface PointerPress {
  readonly pointerType: string;
  readonly isPrimary: boolean;
  readonly clientX: number;
  readonly clientY: number;
  readonly movementX: number;
  readonly movementY: number;
  /** Bit 0 left, 1 right, 2 middle, 3 back, 4 forward: as HID numbers them (and not as `button` does). */
  readonly buttons: number;
}

/** Where the pointer goes: the input sender. */
export interface PointerSink {
  readonly active: boolean;
  moveTo(x: number, y: number): void;
  moveBy(dx: number, dy: number): void;
  scroll(wheel: number, pan: number): void;
  button(button: MouseButton, down: boolean): void;
}

/**
 * Pointer events of the page as the target's mouse: absolute over the picture, relative while the pointer is
 * locked. Buttons follow `buttons`, because a second button is no pointerdown but a pointermove.
 */
export class PointerSource {
  readonly #sink: PointerSink;
  readonly #rect: () => PageRect | null;
  readonly #wheel = new WheelDetents();
  readonly #touch: TouchGesture;
  #buttons = 0;
  #relative = false;
  /** Part of a count that is left over; browsers report fractions on scaled screens. */
  #restX = 0;
  #restY = 0;

  /** `rect` gives the picture's rectangle on the page at the time of an event. */
  constructor(sink: PointerSink, rect: () => PageRect | null, clock: InputClock = browserClock) {
    this.#sink = sink;
    this.#rect = rect;
    this.#touch = new TouchGesture(clock, {
      move: (x, y) => this.#moveTo(x, y),
      click: (button) => {
        this.#sink.button(button, true);
        this.#sink.button(button, false);
      },
    });
  }

  /** The pointer is locked: motion is relative. Buttons held across the change are released. */
  setRelative(relative: boolean): void {
    if (this.#relative === relative) return;
    this.cancel();
    this.#relative = relative;
    this.#restX = 0;
    this.#restY = 0;
  }

  /** True when the press is for the target; one that begins beside the picture is not. */
  pointerDown(event: PointerPress): boolean {
    if (!this.#sink.active) return false;
    if (!this.#relative && !this.#inside(event)) return false;
    if (event.pointerType === 'touch') {
      if (event.isPrimary) this.#touch.down(event.clientX, event.clientY);
      return true;
    }
    this.#move(event);
    this.#setButtons(event.buttons);
    return true;
  }

  pointerMove(event: PointerPress): void {
    if (!this.#sink.active) return;
    if (event.pointerType === 'touch') {
      if (event.isPrimary) this.#touch.moved(event.clientX, event.clientY);
      return;
    }
    this.#move(event);
    // A drag that began beside the picture stays there; with one button on the picture further ones follow it.
    this.#setButtons(this.#buttons === 0 ? 0 : event.buttons);
  }

  pointerUp(event: PointerPress): void {
    if (!this.#sink.active) return;
    if (event.pointerType === 'touch') {
      if (event.isPrimary) this.#touch.up();
      return;
    }
    this.#move(event);
    this.#setButtons(this.#buttons & event.buttons);
  }

  /** The browser took the pointer away (pointercancel, lostpointercapture, blur): no button is down. */
  cancel(): void {
    this.#touch.cancel();
    this.#setButtons(0);
  }

  /** A pinch comes as a wheel with ctrlKey and is passed on as a wheel; true when it is for the target. */
  wheel(event: WheelTurn & { readonly clientX: number; readonly clientY: number }): boolean {
    if (!this.#sink.active) return false;
    if (!this.#relative) this.#moveTo(event.clientX, event.clientY);
    const { wheel, pan } = this.#wheel.take(event);
    this.#sink.scroll(wheel, pan);
    return true;
  }

  #move(event: PointerPress): void {
    if (!this.#relative) {
      this.#moveTo(event.clientX, event.clientY);
      return;
    }
    const x = this.#restX + event.movementX;
    const y = this.#restY + event.movementY;
    const dx = Math.trunc(x);
    const dy = Math.trunc(y);
    this.#restX = x - dx;
    this.#restY = y - dy;
    this.#sink.moveBy(dx, dy);
  }

  #moveTo(clientX: number, clientY: number): void {
    const rect = this.#rect();
    if (!rect) return;
    this.#sink.moveTo(
      position(clientX - rect.left, rect.width),
      position(clientY - rect.top, rect.height),
    );
  }

  #inside({ clientX, clientY }: PointerPress): boolean {
    const rect = this.#rect();
    if (!rect) return false;
    const x = clientX - rect.left;
    const y = clientY - rect.top;
    return x >= 0 && y >= 0 && x <= rect.width && y <= rect.height;
  }

  #setButtons(buttons: number): void {
    const changed = this.#buttons ^ buttons;
    this.#buttons = buttons;
    for (let button = 0; button < MOUSE_BUTTONS; button += 1) {
      const bit = 1 << button;
      if (changed & bit) this.#sink.button(button as MouseButton, (buttons & bit) !== 0);
    }
  }
}

/** The host maps 0..32767 to pixels by x · width / 32768 rounded down: the same pixel comes out. */
function position(offset: number, size: number): number {
  const place = Math.floor((offset / size) * (MAX_POSITION + 1));
  return Math.max(0, Math.min(MAX_POSITION, place));
}
