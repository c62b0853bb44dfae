import type { HidFunction, HidPort } from './hid-port.js';
import type { StallTimer } from './stall-timer.js';

/** Transitions that wait for the host at most; beyond it they collapse to the latest state. */
export const MAX_QUEUED_TRANSITIONS = 256;
/** A host that has taken nothing for this long, with something waiting, gets the latest state only. */
export const MAX_STALL_MS = 1000;

/** What one kind of device puts into its writer. */
export interface ReportFormat<Entry> {
  /** Two motions that wait, as one; null when both must go out. Never called for a transition. */
  merge(waiting: Entry, next: Entry): Entry | null;
  /** The next report of an entry and what of the entry is left after it. */
  encode(entry: Entry): { report: Uint8Array; rest: Entry | null };
  /** The state of the device now, without motion: what a host that missed something needs. */
  current(): readonly Entry[];
}

/** What the controller does with the writer of any device. */
export interface DeviceWriter {
  writable(): void;
  hostChanged(): void;
  poke(): void;
}

/**
 * Writes the reports of one device. Every transition goes out, in order, while the host drains, however slowly. When
 * it does not (stalled, or far behind) or is not there, nothing queues up: it gets the current state once when it takes reports
 * again, so that a release is never lost and nothing old is replayed.
 */
export class ReportWriter<Entry> implements DeviceWriter {
  readonly #port: HidPort;
  readonly #function: HidFunction;
  readonly #format: ReportFormat<Entry>;
  readonly #after: StallTimer;
  readonly #queue: Array<{ entry: Entry; transition: boolean }> = [];
  #transitions = 0;
  /** The host has not taken the last report: wait for writable(). */
  #blocked = false;
  /** Runs while the host takes nothing. */
  #cancelStall: (() => void) | null = null;
  /** The host does not know the current state, and what is pushed goes into that state only. */
  #stale = true;

  constructor(port: HidPort, fn: HidFunction, format: ReportFormat<Entry>, after: StallTimer) {
    this.#port = port;
    this.#function = fn;
    this.#format = format;
    this.#after = after;
  }

  /** Sends or queues one entry. The device's state already includes it. */
  push(entry: Entry, transition: boolean): void {
    if (transition && this.#transitions >= MAX_QUEUED_TRANSITIONS) this.#collapse();
    if (!this.#stale) this.#append(entry, transition);
    this.#flush();
  }

  /** The port says that it is worth trying again. */
  writable(): void {
    this.#blocked = false;
    this.#flush();
  }

  /** The host came, went, fell asleep or woke up; also called once at the start. */
  hostChanged(): void {
    this.#collapse();
    this.#blocked = false;
    this.#draining();
    this.#flush();
  }

  /** Shows a sleeping host the current state, which may wake it; it gets the state again once it is awake. */
  poke(): void {
    if (this.#port.state !== 'suspended' || this.#lacking) return;
    for (const entry of this.#format.current()) {
      this.#port.write(this.#function, this.#format.encode(entry).report);
    }
  }

  /** The gadget has no such function. */
  get #lacking(): boolean {
    return this.#port.functions?.includes(this.#function) === false;
  }

  #append(entry: Entry, transition: boolean): void {
    const last = this.#queue.at(-1);
    if (!transition && last && !last.transition) {
      const merged = this.#format.merge(last.entry, entry);
      if (merged !== null) {
        last.entry = merged;
        return;
      }
    }
    this.#queue.push({ entry, transition });
    if (transition) this.#transitions += 1;
  }

  /** The host has taken nothing for too long: what waits is too old to be played. */
  #stalled(): void {
    this.#cancelStall = null;
    this.#collapse();
  }

  #draining(): void {
    this.#cancelStall?.();
    this.#cancelStall = null;
  }

  #collapse(): void {
    this.#queue.length = 0;
    this.#transitions = 0;
    this.#stale = true;
  }

  #flush(): void {
    if (this.#blocked || this.#port.state !== 'configured' || this.#lacking) return;
    if (this.#stale) {
      this.#stale = false;
      for (const entry of this.#format.current()) this.#append(entry, true);
    }
    for (let head = this.#queue[0]; head; head = this.#queue[0]) {
      const { report, rest } = this.#format.encode(head.entry);
      const result = this.#port.write(this.#function, report);
      // A port may tell of a change of the host from within write(): the queue is another one then.
      if (this.#queue[0] !== head) continue;
      if (result === 'again') {
        this.#blocked = true;
        this.#cancelStall ??= this.#after(MAX_STALL_MS, () => this.#stalled());
        return;
      }
      if (result === 'gone') {
        this.#collapse();
        this.#blocked = true;
        return;
      }
      this.#draining();
      if (rest !== null) {
        head.entry = rest;
      } else {
        this.#queue.shift();
        if (head.transition) this.#transitions -= 1;
      }
    }
  }
}
