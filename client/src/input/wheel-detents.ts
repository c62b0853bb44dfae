/** What is needed of a WheelEvent. */
export interface WheelTurn {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0 pixels, 1 lines, 2 pages (WheelEvent.DOM_DELTA_*). */
  readonly deltaMode: number;
}

/** How much of each unit one notch of a wheel is; a wheel set to pages turns one page a notch. */
const PER_DETENT: readonly number[] = [100, 3, 1];

/** Turns wheel events into whole detents; what is left over counts for the next event, unless it turns back. */
export class WheelDetents {
  #wheel = 0;
  #pan = 0;

  /** Away from the user and right positive: the DOM counts down positive, HID up. */
  take(turn: WheelTurn): { wheel: number; pan: number } {
    const perDetent = PER_DETENT[turn.deltaMode] ?? 100;
    this.#wheel = add(this.#wheel, -turn.deltaY / perDetent);
    this.#pan = add(this.#pan, turn.deltaX / perDetent);
    const wheel = Math.trunc(this.#wheel);
    const pan = Math.trunc(this.#pan);
    this.#wheel -= wheel;
    this.#pan -= pan;
    // Never -0, which is no number of detents.
    return { wheel: wheel + 0, pan: pan + 0 };
  }
}

function add(left: number, delta: number): number {
  return left * delta < 0 ? delta : left + delta;
}
