import type { HidState, LockLeds } from '../protocol/control-messages.js';
import { CONSUMER_PAGE, type KeyUsage, type MouseButton } from '../protocol/key-usage.js';
import type { InputSink, InputSource, PointerUpdate } from '../session/input-sink.js';
import { ConsumerControl } from './consumer-control.js';
import type { HidFunction, HidPort } from './hid-port.js';
import { Keyboard } from './keyboard.js';
import { Pointer } from './pointer.js';
import type { DeviceWriter } from './report-writer.js';
import { type StallTimer, stallTimer } from './stall-timer.js';

/** LED output report of the boot keyboard (HID 1.11 appendix B.1). */
const LED_NUM = 0x01;
const LED_CAPS = 0x02;
const LED_SCROLL = 0x04;

export interface HidControllerOptions {
  /** For tests. */
  after?: StallTimer;
  /** Called after `state` or `leds` has changed. */
  onChange?: () => void;
}

/** The target's keyboard and mice: what all sources hold, turned into reports of the HID port. */
export class HidController implements InputSink {
  readonly #port: HidPort;
  readonly #keyboard: Keyboard;
  readonly #consumer: ConsumerControl;
  readonly #pointer: Pointer;
  readonly #writers: Map<HidFunction, DeviceWriter>;
  readonly #onChange: () => void;
  readonly #sources = new Set<InputSource>();
  #leds: LockLeds | null = null;
  #droppedUsages = 0;

  constructor(port: HidPort, options: HidControllerOptions = {}) {
    const after = options.after ?? stallTimer;
    this.#port = port;
    this.#onChange = options.onChange ?? (() => {});
    this.#keyboard = new Keyboard(port, after);
    this.#consumer = new ConsumerControl(port, after);
    this.#pointer = new Pointer(port, after);
    this.#writers = new Map([
      ['keyboard', this.#keyboard.writer],
      ...this.#pointer.writers(),
      ['consumer', this.#consumer.writer],
    ]);
  }

  get state(): HidState {
    return this.#port.state;
  }

  /** Lock lamps; null until this host has sent its first LED report. */
  get leds(): LockLeds | null {
    return this.#leds;
  }

  /** Key presses that the gadget has no function for: media and power keys without a consumer control. */
  get droppedUsages(): number {
    return this.#droppedUsages;
  }

  /**
   * Listens to the port and tells the host the present state, so that nothing stays down that an earlier run of
   * this process left down. Call once, before any input.
   */
  start(): void {
    this.#port.listen({
      writable: (fn) => this.#writers.get(fn)?.writable(),
      ledReport: (bits) => this.#ledReport(bits),
      stateChanged: (state) => this.#stateChanged(state),
    });
    for (const writer of this.#writers.values()) writer.hostChanged();
  }

  key(source: InputSource, usage: KeyUsage, down: boolean): void {
    this.#sources.add(source);
    if (usage < CONSUMER_PAGE) {
      this.#keyboard.key(source, usage, down);
      if (down) this.#wake(this.#keyboard.writer);
    } else if (down && this.#port.functions?.includes('consumer') === false) {
      this.#droppedUsages += 1;
    } else {
      // A release also while the gadget has no such function: when it has it again, the host is told what is held.
      this.#consumer.key(source, usage, down);
      if (down) this.#wake(this.#consumer.writer);
    }
  }

  button(source: InputSource, button: MouseButton, down: boolean, pointer: PointerUpdate): void {
    this.#sources.add(source);
    this.#pointer.button(source, button, down, pointer);
    if (down) this.#wake(this.#pointer.activeWriter);
  }

  move(_source: InputSource, pointer: PointerUpdate): void {
    this.#pointer.move(pointer);
  }

  releaseAll(source: InputSource): void {
    this.#sources.delete(source);
    this.#keyboard.releaseAll(source);
    this.#consumer.releaseAll(source);
    this.#pointer.releaseAll(source);
  }

  /** Releases what every source holds: the last thing before the process ends. Idempotent. */
  close(): void {
    for (const source of [...this.#sources]) this.releaseAll(source);
  }

  /** A press wakes a sleeping host, as it does on a real keyboard; by its report where the port has no other way. */
  #wake(writer: DeviceWriter): void {
    if (this.#port.state !== 'suspended') return;
    if (this.#port.wake) this.#port.wake();
    else writer.poke();
  }

  #ledReport(bits: number): void {
    const leds = {
      numLock: (bits & LED_NUM) !== 0,
      capsLock: (bits & LED_CAPS) !== 0,
      scrollLock: (bits & LED_SCROLL) !== 0,
    };
    const last = this.#leds;
    const same =
      last?.numLock === leds.numLock &&
      last.capsLock === leds.capsLock &&
      last.scrollLock === leds.scrollLock;
    if (same) return;
    this.#leds = leds;
    this.#onChange();
  }

  #stateChanged(state: HidState): void {
    // Another host may come: it sends its own lamps when it enumerates the keyboard.
    if (state === 'detached' || state === 'unbound') this.#leds = null;
    for (const writer of this.#writers.values()) writer.hostChanged();
    this.#onChange();
  }
}
