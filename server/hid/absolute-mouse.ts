import type { HidPort } from './hid-port.js';
import { type DeviceWriter, ReportWriter } from './report-writer.js';
import type { StallTimer } from './stall-timer.js';

/** What the absolute mouse is to say: a place, and detents of the wheels on the way. */
export interface AbsoluteMotion {
  buttons: number;
  x: number;
  y: number;
  wheel: number;
  pan: number;
}

/** The wheel's range in one report; what waits beyond it is lost, as on a wheel that slips. */
const MAX_DETENTS = 127;
/** The middle of the picture: where the pointer is before anybody has moved it. */
const CENTRE = 16_384;

/** The absolute mouse: buttons u8, x u16, y u16 (0 to 32767, little-endian), wheel i8, pan i8. */
export class AbsoluteMouse {
  readonly #writer: ReportWriter<AbsoluteMotion>;
  #buttons = 0;
  #x = CENTRE;
  #y = CENTRE;

  constructor(port: HidPort, after: StallTimer) {
    const format = {
      merge: mergeMotion,
      encode: (entry: AbsoluteMotion) => ({ report: encodeMotion(entry), rest: null }),
      current: () => [this.#entry(0, 0)],
    };
    this.#writer = new ReportWriter(port, 'absolute-mouse', format, after);
  }

  get writer(): DeviceWriter {
    return this.#writer;
  }

  move(x: number, y: number, wheel: number, pan: number): void {
    if (x === this.#x && y === this.#y && wheel === 0 && pan === 0) return;
    this.#x = x;
    this.#y = y;
    this.#writer.push(this.#entry(clampDetents(wheel), clampDetents(pan)), false);
  }

  /** Bit n is button n. A change is a transition at the place of the last move. */
  setButtons(buttons: number): void {
    if (buttons === this.#buttons) return;
    this.#buttons = buttons;
    this.#writer.push(this.#entry(0, 0), true);
  }

  #entry(wheel: number, pan: number): AbsoluteMotion {
    return { buttons: this.#buttons, x: this.#x, y: this.#y, wheel, pan };
  }
}

function mergeMotion(waiting: AbsoluteMotion, next: AbsoluteMotion): AbsoluteMotion {
  const wheel = clampDetents(waiting.wheel + next.wheel);
  return { ...next, wheel, pan: clampDetents(waiting.pan + next.pan) };
}

function encodeMotion({ buttons, x, y, wheel, pan }: AbsoluteMotion): Uint8Array {
  return Uint8Array.of(buttons, x & 0xff, x >> 8, y & 0xff, y >> 8, wheel, pan);
}

function clampDetents(detents: number): number {
  return Math.max(-MAX_DETENTS, Math.min(MAX_DETENTS, detents));
}
