import type { HidFunction, HidPort, HidPortListener, WriteResult } from '../../hid/hid-port.js';
import type { HidState } from '../../protocol/control-messages.js';

/** Reports that wait in the gadget for the host to fetch them, per function. */
const IN_FLIGHT_LIMIT = 2;

/**
 * The gadget's side of the cable to the simulated PC. Like a real one it holds two reports per function until the
 * host has fetched them, and none at all while it is detached. A suspended bus takes reports: they wake the PC.
 */
export class SimulatedHidPort implements HidPort {
  readonly #post: (fn: HidFunction, report: Uint8Array) => void;
  readonly #inFlight = new Map<HidFunction, number>();
  /** Functions whose last write was refused. */
  readonly #refused = new Set<HidFunction>();
  #listener: HidPortListener | undefined;
  #state: HidState = 'detached';
  #leds: number | undefined;

  /** `post` carries a report to the PC; the bytes stay the caller's. */
  constructor(post: (fn: HidFunction, report: Uint8Array) => void) {
    this.#post = post;
  }

  get state(): HidState {
    return this.#state;
  }

  write(fn: HidFunction, report: Uint8Array): WriteResult {
    if (!this.#attached) {
      this.#refused.add(fn);
      return 'gone';
    }
    const inFlight = this.#inFlight.get(fn) ?? 0;
    if (inFlight >= IN_FLIGHT_LIMIT) {
      this.#refused.add(fn);
      return 'again';
    }
    this.#inFlight.set(fn, inFlight + 1);
    this.#refused.delete(fn);
    this.#post(fn, report);
    return 'written';
  }

  /** Registers the one listener. An LED report that came before it is delivered right after the call. */
  listen(listener: HidPortListener): void {
    this.#listener = listener;
    const bits = this.#leds;
    if (bits !== undefined) queueMicrotask(() => listener.ledReport(bits));
  }

  /** The PC has fetched a report. */
  polled(fn: HidFunction): void {
    this.#inFlight.set(fn, Math.max(0, (this.#inFlight.get(fn) ?? 0) - 1));
    if (this.#attached && this.#refused.delete(fn)) this.#listener?.writable(fn);
  }

  /** The PC sent an LED output report. */
  ledReport(bits: number): void {
    this.#leds = bits;
    this.#listener?.ledReport(bits);
  }

  /** The bus changed its state. */
  setState(state: HidState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listener?.stateChanged(state);
    if (!this.#attached) return;
    for (const fn of [...this.#refused]) {
      if ((this.#inFlight.get(fn) ?? 0) >= IN_FLIGHT_LIMIT) continue;
      this.#refused.delete(fn);
      this.#listener?.writable(fn);
    }
  }

  get #attached(): boolean {
    return this.#state === 'configured' || this.#state === 'suspended';
  }
}
