/** A movement, a button or the wheel. Coordinates are pixels of the present mode. */
export interface PointerEvent {
  x: number;
  y: number;
  /** Buttons held now: bit 0 left, 1 right, 2 middle, 3 back, 4 forward. */
  buttons: number;
  /** Buttons that went down and up with this report. */
  pressed: number;
  released: number;
  /** Wheel detents, positive away from the user; pan to the right. */
  wheel: number;
  pan: number;
}

const LOGICAL_MAX = 32767;
const BUTTONS = 0x1f;
const ABSOLUTE_LENGTH = 7;
const RELATIVE_LENGTH = 5;

/** One mouse pointer fed by an absolute and a relative mouse, as an operating system merges them. */
export class PcMouse {
  readonly #listener: (event: PointerEvent) => void;
  #width = 1;
  #height = 1;
  #x = 0;
  #y = 0;
  #absoluteButtons = 0;
  #relativeButtons = 0;

  constructor(listener: (event: PointerEvent) => void) {
    this.#listener = listener;
  }

  get x(): number {
    return this.#x;
  }

  get y(): number {
    return this.#y;
  }

  get buttons(): number {
    return this.#absoluteButtons | this.#relativeButtons;
  }

  /** The screen has a new size: the pointer keeps its relative place. */
  setScreen(width: number, height: number): void {
    this.#x =
      this.#width > 1 ? Math.round((this.#x * (width - 1)) / (this.#width - 1)) : width >> 1;
    this.#y =
      this.#height > 1 ? Math.round((this.#y * (height - 1)) / (this.#height - 1)) : height >> 1;
    this.#width = width;
    this.#height = height;
  }

  /** The bus was reset: no button is held. */
  enumerate(): void {
    this.#absoluteButtons = 0;
    this.#relativeButtons = 0;
  }

  /** Takes buttons (5 bits), x and y (16 bits, little endian, 0 to 32767 over the screen), wheel and pan (signed). */
  absoluteReport(bytes: Uint8Array): void {
    if (bytes.length !== ABSOLUTE_LENGTH) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const before = this.buttons;
    this.#absoluteButtons = view.getUint8(0) & BUTTONS;
    const x = Math.min(view.getUint16(1, true), LOGICAL_MAX);
    const y = Math.min(view.getUint16(3, true), LOGICAL_MAX);
    this.#x = Math.round((x * (this.#width - 1)) / LOGICAL_MAX);
    this.#y = Math.round((y * (this.#height - 1)) / LOGICAL_MAX);
    this.#emit(before, view.getInt8(5), view.getInt8(6));
  }

  /** Takes buttons, dx, dy, wheel and pan, all signed bytes but the first. */
  relativeReport(bytes: Uint8Array): void {
    if (bytes.length !== RELATIVE_LENGTH) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const before = this.buttons;
    this.#relativeButtons = view.getUint8(0) & BUTTONS;
    this.#x = Math.max(0, Math.min(this.#width - 1, this.#x + view.getInt8(1)));
    this.#y = Math.max(0, Math.min(this.#height - 1, this.#y + view.getInt8(2)));
    this.#emit(before, view.getInt8(3), view.getInt8(4));
  }

  #emit(before: number, wheel: number, pan: number): void {
    const buttons = this.buttons;
    this.#listener({
      x: this.#x,
      y: this.#y,
      buttons,
      pressed: buttons & ~before,
      released: before & ~buttons,
      wheel,
      pan,
    });
  }
}
