import type {
  HidFunction,
  HidPort,
  HidPortListener,
  WriteResult,
} from '../../../../server/hid/hid-port.js';
import type { HidState } from '../../../../server/protocol/control-messages.js';
import { ReportDecoder } from './report-decoder.js';
import type { VirtualClock } from './virtual-clock.js';

/** The kernel takes two reports of a function before it says EAGAIN (measured with dummy_hcd). */
const SLOTS = 2;
/** A high-speed host asks each millisecond. */
const DRAIN_MS = 1;

const FUNCTIONS: readonly HidFunction[] = [
  'keyboard',
  'absolute-mouse',
  'relative-mouse',
  'consumer',
];

/** A USB host on the other side of the port: drains, stalls, goes, returns; knows what it was told. */
export class ModelHost implements HidPort {
  readonly target = new ReportDecoder();
  readonly #clock: VirtualClock;
  readonly #waiting = new Map<HidFunction, number>(FUNCTIONS.map((fn) => [fn, 0]));
  #listener: HidPortListener | null = null;
  #state: HidState = 'configured';
  #draining = true;
  /** Gone without the state saying so, as dummy_hcd does it; being configured anew is told all the same. */
  #unseen = false;
  #writes = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get state(): HidState {
    return this.#state;
  }

  get writes(): number {
    return this.#writes;
  }

  /** Asked to wake up, it goes on sleeping: people press keys on dead computers, too. */
  wake(): void {}

  listen(listener: HidPortListener): void {
    this.#listener = listener;
  }

  write(fn: HidFunction, report: Uint8Array): WriteResult {
    if (this.#state !== 'configured') throw new Error(`written while ${this.#state}`);
    if (this.#unseen) return 'gone';
    const waiting = this.#waiting.get(fn) ?? 0;
    if (waiting === SLOTS) return 'again';
    this.#writes += 1;
    this.#waiting.set(fn, waiting + 1);
    this.target.take(fn, report);
    if (this.#draining) this.#clock.after(DRAIN_MS, () => this.#drain(fn));
    return 'written';
  }

  stall(): void {
    this.#draining = false;
  }

  /** Drains again after a stall. */
  resume(): void {
    if (this.#draining) return;
    this.#draining = true;
    for (const fn of FUNCTIONS) this.#drain(fn);
  }

  /** Unplugged, asleep, or rebooting behind our back: a host that comes back starts with nothing held. */
  leave(how: 'detached' | 'suspended' | 'unseen'): void {
    if (how !== 'suspended') this.target.clear();
    if (how === 'unseen') {
      this.#unseen = true;
      return;
    }
    this.#state = how;
    this.#listener?.stateChanged(how);
  }

  /** Here again and draining, from whatever state. */
  comeBack(): void {
    this.resume();
    if (this.#state === 'configured' && !this.#unseen) return;
    this.#unseen = false;
    this.#state = 'configured';
    this.#listener?.stateChanged('configured');
  }

  #drain(fn: HidFunction): void {
    if (!this.#draining) return;
    const waiting = this.#waiting.get(fn) ?? 0;
    this.#waiting.set(fn, 0);
    if (waiting === SLOTS) this.#listener?.writable(fn);
  }
}
