import { FIRST_MODIFIER, type KeyUsage } from '../protocol/key-usage.js';
import type { InputSource } from '../session/input-sink.js';
import { HeldSet } from './held-set.js';
import type { HidPort } from './hid-port.js';
import { type DeviceWriter, ReportWriter } from './report-writer.js';
import type { StallTimer } from './stall-timer.js';

/** Keyboard usage that fills all six bytes when more keys are down than fit (HID 1.11 appendix C). */
const ERROR_ROLL_OVER = 0x01;
const REPORT_BYTES = 8;
const KEY_BYTES = 6;

/**
 * The boot keyboard (HID 1.11 appendix B.1): modifiers, a reserved byte, six keys. Usages of the keyboard page
 * only.
 */
export class Keyboard {
  readonly #held = new HeldSet<InputSource, KeyUsage>();
  readonly #writer: ReportWriter<Uint8Array>;

  constructor(port: HidPort, after: StallTimer) {
    const format = {
      merge: () => null,
      encode: (report: Uint8Array) => ({ report, rest: null }),
      current: () => [this.#report()],
    };
    this.#writer = new ReportWriter(port, 'keyboard', format, after);
  }

  get writer(): DeviceWriter {
    return this.#writer;
  }

  key(source: InputSource, usage: KeyUsage, down: boolean): void {
    const changed = down ? this.#held.press(source, usage) : this.#held.release(source, usage);
    if (changed) this.#writer.push(this.#report(), true);
  }

  releaseAll(source: InputSource): void {
    if (this.#held.releaseAll(source)) this.#writer.push(this.#report(), true);
  }

  #report(): Uint8Array {
    const report = new Uint8Array(REPORT_BYTES);
    let modifiers = 0;
    let keys = 0;
    for (const usage of this.#held.items) {
      if (usage >= FIRST_MODIFIER) {
        modifiers |= 1 << (usage - FIRST_MODIFIER);
      } else {
        if (keys < KEY_BYTES) report[2 + keys] = usage;
        keys += 1;
      }
    }
    report[0] = modifiers;
    if (keys > KEY_BYTES) report.fill(ERROR_ROLL_OVER, 2);
    return report;
  }
}
