import { CONSUMER_PAGE, type KeyUsage, SYSTEM_PAGE } from '../protocol/key-usage.js';
import type { InputSource } from '../session/input-sink.js';
import { HeldSet } from './held-set.js';
import type { HidPort } from './hid-port.js';
import { type DeviceWriter, ReportWriter } from './report-writer.js';
import type { StallTimer } from './stall-timer.js';

/** Report id 1: one usage of the consumer page, 16 bits, 0 for none. */
export const CONSUMER_REPORT_ID = 1;
/** Report id 2: 1 System Power Down, 2 System Sleep, 3 System Wake Up, 0 for none. */
export const SYSTEM_REPORT_ID = 2;

const FIRST_SYSTEM_USAGE = 0x81;

/** Media, launch and power keys: two reports that hold one usage each; the last one pressed shows. */
export class ConsumerControl {
  readonly #consumer = new HeldSet<InputSource, KeyUsage>();
  readonly #system = new HeldSet<InputSource, KeyUsage>();
  readonly #writer: ReportWriter<Uint8Array>;

  constructor(port: HidPort, after: StallTimer) {
    const format = {
      merge: () => null,
      encode: (report: Uint8Array) => ({ report, rest: null }),
      current: () => [this.#consumerReport(), this.#systemReport()],
    };
    this.#writer = new ReportWriter(port, 'consumer', format, after);
  }

  get writer(): DeviceWriter {
    return this.#writer;
  }

  key(source: InputSource, usage: KeyUsage, down: boolean): void {
    const held = usage >= SYSTEM_PAGE ? this.#system : this.#consumer;
    const changed = down ? held.press(source, usage) : held.release(source, usage);
    if (!changed) return;
    this.#writer.push(held === this.#system ? this.#systemReport() : this.#consumerReport(), true);
  }

  releaseAll(source: InputSource): void {
    if (this.#consumer.releaseAll(source)) this.#writer.push(this.#consumerReport(), true);
    if (this.#system.releaseAll(source)) this.#writer.push(this.#systemReport(), true);
  }

  #consumerReport(): Uint8Array {
    const usage = [...this.#consumer.items].at(-1);
    const value = usage === undefined ? 0 : usage - CONSUMER_PAGE;
    return Uint8Array.of(CONSUMER_REPORT_ID, value & 0xff, value >> 8);
  }

  #systemReport(): Uint8Array {
    const usage = [...this.#system.items].at(-1);
    const value = usage === undefined ? 0 : usage - SYSTEM_PAGE - FIRST_SYSTEM_USAGE + 1;
    return Uint8Array.of(SYSTEM_REPORT_ID, value);
  }
}
