import type { ErrorCode } from '../protocol/error-codes.js';
import type { Role } from '../protocol/role.js';
import { ControlQueue } from './control-queue.js';
import type { DeskTimers } from './desk-timers.js';

/** Whoever has control gets at least this long to answer a request, however idle it was. */
export const ANSWER_MS = 10_000;

/** How control goes from viewer to viewer. */
export interface ControlRules {
  /** Everybody who may have control has it at the same time. */
  readonly shared: boolean;
  /** Who has control and sends nothing for this long loses it to who asks; null: never, as long as it is there. */
  readonly idleHandOverMs: number | null;
}

/** One viewer as the desk sees it. */
export interface Seat {
  /** The user's name: windows of one user are not strangers to each other. */
  readonly name: string;
  readonly role: Role;
  /** Is there and can send input. */
  readonly interactive: boolean;
  /** Gives or takes control; when it is taken, nothing of this seat stays held down. */
  setControl(inControl: boolean): void;
  /** What it asked for was refused, by the one in control or by its role. */
  controlRefused(reason: ErrorCode): void;
}

/**
 * Who has control: one viewer, or with shared control all that may. Control that was taken over or handed over goes back
 * to who had it before when it is given up. Seats that the desk was not told of have no say.
 */
export class ControlDesk<T extends Seat> {
  #rules: ControlRules;
  readonly #timers: DeskTimers;
  readonly #changed: () => void;
  readonly #seats = new Set<T>();
  readonly #queue = new ControlQueue<T>();
  #holder: T | null = null;
  /** When the holder got control or last sent input. */
  #activeMs = 0;
  #cancelTimer: (() => void) | null = null;

  /** `changed` is called when something that other viewers see is different. */
  constructor(rules: ControlRules, timers: DeskTimers, changed: () => void) {
    this.#rules = rules;
    this.#timers = timers;
    this.#changed = changed;
  }

  get rules(): ControlRules {
    return this.#rules;
  }

  get shared(): boolean {
    return this.#rules.shared;
  }

  /** The one in control; null while nobody is, or while control is shared. */
  get holder(): T | null {
    return this.#holder;
  }

  isAsking(seat: T): boolean {
    return this.#queue.isAsking(seat);
  }

  /** Other rules from now on. Where control is shared no longer, `keeper` keeps it, else the first that can have it. */
  changeRules(rules: ControlRules, keeper: T | null): void {
    const wasShared = this.shared;
    this.#rules = rules;
    if (rules.shared && !wasShared) this.#share();
    if (!rules.shared && wasShared) this.#shareNoLonger(keeper);
    this.#watch();
    this.#changed();
  }

  /** The seat came, or its carrier did or went. */
  update(seat: T): void {
    const isNew = seat.interactive && !this.#seats.has(seat);
    if (seat.interactive) this.#seats.add(seat);
    else if (this.#queue.withdraw(seat)) this.#changed();
    if (this.shared) {
      if (isNew && mayControl(seat)) seat.setControl(true);
      return;
    }
    // A holder that is away does not lock others out; it keeps control while nobody comes.
    const free = this.#holder
      ? isNew && !this.#holder.interactive
      : isNew || this.#queue.isLender(seat);
    if (free && canControl(seat) && seat !== this.#holder) this.#give(seat);
    this.#watch();
  }

  /** The seat is gone for good. */
  leave(seat: T): void {
    this.#seats.delete(seat);
    this.#queue.forget(seat);
    if (this.shared) seat.setControl(false);
    else if (seat === this.#holder) this.#giveUp(seat);
    this.#watch();
  }

  /** The seat sent input. */
  touch(seat: T): void {
    if (seat === this.#holder) this.#activeMs = this.#timers.nowMs();
  }

  /** Takes control at once, where the role allows it. */
  take(seat: T): void {
    if (!this.#mayAct(seat) || seat === this.#holder) return;
    if (this.#mayTake(seat)) this.#give(seat);
    else seat.controlRefused('control-held');
  }

  /** Asks for control; who may take it without asking gets it at once. An owner that asks is polite and waits. */
  request(seat: T): void {
    if (!this.#mayAct(seat) || seat === this.#holder) return;
    if (!this.#holder?.interactive) this.#give(seat);
    else if (this.#queue.ask(seat, this.#timers.nowMs())) this.#changed();
    this.#watch();
  }

  /** The seat no longer asks. */
  withdraw(seat: T): void {
    if (this.#queue.withdraw(seat)) this.#changed();
    this.#watch();
  }

  /** Who has control hands it over, whether the other asked or not. */
  grant(seat: T, to: T): void {
    if (seat !== this.#holder || to === seat) return;
    if (this.#seats.has(to) && canControl(to)) this.#give(to);
  }

  /** Who has control says no; an owner may say it, too. */
  refuse(seat: T, whom: T): void {
    if (seat !== this.#holder && seat.role !== 'owner') return;
    if (!this.#queue.withdraw(whom)) return;
    whom.controlRefused('control-refused');
    this.#changed();
    this.#watch();
  }

  /** Gives control up: it goes back to who had it before, else to who asked first, else to nobody. */
  release(seat: T): void {
    if (seat === this.#holder) this.#giveUp(seat);
    this.#watch();
  }

  /** Stops the timer; nobody is told anything any more. */
  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** True unless another user's seat has control and is there to use it. */
  #mayTake(seat: T): boolean {
    const holder = this.#holder;
    return !holder?.interactive || seat.role === 'owner' || holder.name === seat.name;
  }

  /** False where control is shared, or the seat can never have it; the latter is said. */
  #mayAct(seat: T): boolean {
    if (this.shared || !this.#seats.has(seat) || !seat.interactive) return false;
    if (mayControl(seat)) return true;
    seat.controlRefused('not-allowed');
    return false;
  }

  #share(): void {
    this.#holder = null;
    this.#queue.clear();
    for (const seat of this.#seats) if (mayControl(seat)) seat.setControl(true);
  }

  /** What the one that keeps control holds down stays down; who is away keeps it only while nobody is there. */
  #shareNoLonger(keeper: T | null): void {
    const seats = [...this.#seats].filter(mayControl);
    const wanted = seats.find((seat) => seat === keeper && seat.interactive);
    this.#holder = wanted ?? seats.find(canControl) ?? seats[0] ?? null;
    this.#activeMs = this.#timers.nowMs();
    for (const seat of seats) if (seat !== this.#holder) seat.setControl(false);
  }

  #giveUp(seat: T): void {
    this.#queue.forgetLender(seat);
    this.#holder = null;
    seat.setControl(false);
    const next = this.#queue.next(canControl);
    if (next) this.#give(next);
    else this.#changed();
  }

  #give(seat: T): void {
    const previous = this.#holder;
    this.#queue.given(seat, previous, this.#timers.nowMs());
    this.#holder = seat;
    this.#activeMs = this.#timers.nowMs();
    // In this order: what the one held is released before the other can press anything.
    previous?.setControl(false);
    seat.setControl(true);
    this.#changed();
    this.#watch();
  }

  /** Sets the timer for the moment at which the first request is granted without an answer. */
  #watch(): void {
    this.close();
    const dueMs = this.#dueMs();
    if (dueMs === null) return;
    const delayMs = Math.max(0, dueMs - this.#timers.nowMs());
    this.#cancelTimer = this.#timers.after(delayMs, () => this.#answer());
  }

  #answer(): void {
    const dueMs = this.#dueMs();
    const asking = this.#queue.first;
    // Input meanwhile has moved the moment.
    if (asking && dueMs !== null && dueMs <= this.#timers.nowMs()) this.#give(asking);
    else this.#watch();
  }

  #dueMs(): number | null {
    const askedMs = this.#queue.firstAskedMs;
    if (askedMs === null || !this.#holder) return null;
    const answerMs = askedMs + ANSWER_MS;
    if (!this.#holder.interactive) return answerMs;
    const { idleHandOverMs } = this.#rules;
    return idleHandOverMs === null ? null : Math.max(answerMs, this.#activeMs + idleHandOverMs);
  }
}

function mayControl(seat: Seat): boolean {
  return seat.role !== 'watcher';
}

function canControl(seat: Seat): boolean {
  return seat.interactive && mayControl(seat);
}
