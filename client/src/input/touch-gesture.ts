import type { MouseButton } from '../../../server/protocol/key-usage.js';
import type { InputClock } from './input-clock.js';

/** A finger that strays farther than this from where it came down moves the pointer, CSS pixels. */
const SLOP_PX = 10;
/** A finger that rests this long clicks the right button. */
const LONG_PRESS_MS = 500;

const LEFT: MouseButton = 0;
const RIGHT: MouseButton = 1;

/** One finger as a mouse: a tap clicks where it is, a drag moves the pointer, a long press clicks right. */
export class TouchGesture {
  readonly #clock: InputClock;
  readonly #actions: {
    move(clientX: number, clientY: number): void;
    click(button: MouseButton): void;
  };
  /** Where the finger came down; null when no tap can come of it any more. */
  #start: { x: number; y: number } | null = null;
  #cancelLongPress: (() => void) | null = null;

  constructor(
    clock: InputClock,
    actions: {
      move(clientX: number, clientY: number): void;
      click(button: MouseButton): void;
    },
  ) {
    this.#clock = clock;
    this.#actions = actions;
  }

  down(x: number, y: number): void {
    this.cancel();
    this.#start = { x, y };
    this.#actions.move(x, y);
    this.#cancelLongPress = this.#clock.after(LONG_PRESS_MS, () => {
      this.cancel();
      this.#actions.click(RIGHT);
    });
  }

  moved(x: number, y: number): void {
    if (this.#start && Math.hypot(x - this.#start.x, y - this.#start.y) <= SLOP_PX) return;
    this.cancel();
    this.#actions.move(x, y);
  }

  up(): void {
    if (!this.#start) return;
    this.cancel();
    this.#actions.click(LEFT);
  }

  cancel(): void {
    this.#start = null;
    this.#cancelLongPress?.();
    this.#cancelLongPress = null;
  }
}
