import type { MouseButton } from '../protocol/key-usage.js';
import type { InputSource, PointerUpdate } from '../session/input-sink.js';
import { AbsoluteMouse } from './absolute-mouse.js';
import { HeldSet } from './held-set.js';
import type { HidFunction, HidPort } from './hid-port.js';
import { RelativeMouse } from './relative-mouse.js';
import type { DeviceWriter } from './report-writer.js';
import type { StallTimer } from './stall-timer.js';

/**
 * The two mice as one pointer. The buttons are held on the mouse that moved last: when the mode changes they are
 * let go on the other one first.
 */
export class Pointer {
  readonly #absolute: AbsoluteMouse;
  readonly #relative: RelativeMouse;
  readonly #buttons = new HeldSet<InputSource, MouseButton>();
  #mode: PointerUpdate['mode'] = 'absolute';

  constructor(port: HidPort, after: StallTimer) {
    this.#absolute = new AbsoluteMouse(port, after);
    this.#relative = new RelativeMouse(port, after);
  }

  writers(): Array<[HidFunction, DeviceWriter]> {
    return [
      ['absolute-mouse', this.#absolute.writer],
      ['relative-mouse', this.#relative.writer],
    ];
  }

  /** The writer of the mouse that moved last. */
  get activeWriter(): DeviceWriter {
    return this.#mode === 'absolute' ? this.#absolute.writer : this.#relative.writer;
  }

  button(source: InputSource, button: MouseButton, down: boolean, update: PointerUpdate): void {
    this.move(update);
    const changed = down
      ? this.#buttons.press(source, button)
      : this.#buttons.release(source, button);
    if (changed) this.#showButtons();
  }

  move(update: PointerUpdate): void {
    if (update.mode !== this.#mode) {
      this.#mode = update.mode;
      this.#showButtons();
    }
    const { wheel, pan } = update;
    if (update.mode === 'absolute') this.#absolute.move(update.x, update.y, wheel, pan);
    else this.#relative.move(update.dx, update.dy, wheel, pan);
  }

  releaseAll(source: InputSource): void {
    if (this.#buttons.releaseAll(source)) this.#showButtons();
  }

  #showButtons(): void {
    let buttons = 0;
    for (const button of this.#buttons.items) buttons |= 1 << button;
    // Let go on one mouse before the other one takes over: the target never sees a button twice.
    if (this.#mode === 'absolute') {
      this.#relative.setButtons(0);
      this.#absolute.setButtons(buttons);
    } else {
      this.#absolute.setButtons(0);
      this.#relative.setButtons(buttons);
    }
  }
}
