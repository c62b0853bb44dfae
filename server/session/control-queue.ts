/** Who wants control, oldest request first, and who lent it to the one that has it. */
export class ControlQueue<T> {
  /** When each asked, or when control last changed hands since: milliseconds. */
  readonly #asking = new Map<T, number>();
  /** They had control and did not give it up themselves; the last one gets it back first. */
  readonly #lenders: T[] = [];

  isAsking(seat: T): boolean {
    return this.#asking.has(seat);
  }

  get first(): T | null {
    const [first] = this.#asking.keys();
    return first ?? null;
  }

  /** When the oldest request was made to the one that has control now. */
  get firstAskedMs(): number | null {
    const [first] = this.#asking.values();
    return first ?? null;
  }

  /** False when it asks already: asking again does not change its place. */
  ask(seat: T, nowMs: number): boolean {
    if (this.#asking.has(seat)) return false;
    this.#asking.set(seat, nowMs);
    return true;
  }

  /** False when it did not ask. */
  withdraw(seat: T): boolean {
    return this.#asking.delete(seat);
  }

  /** Control goes from `previous`, which did not give it up, to `seat`. The others now ask that one. */
  given(seat: T, previous: T | null, nowMs: number): void {
    this.withdraw(seat);
    this.forgetLender(seat);
    if (previous !== null) this.#lenders.push(previous);
    for (const asking of this.#asking.keys()) this.#asking.set(asking, nowMs);
  }

  /** Who gets control that was given up: the last lender that can have it, else the first that asks. */
  next(canHave: (seat: T) => boolean): T | null {
    return this.#lenders.findLast(canHave) ?? this.first;
  }

  isLender(seat: T): boolean {
    return this.#lenders.includes(seat);
  }

  forgetLender(seat: T): void {
    const at = this.#lenders.indexOf(seat);
    if (at >= 0) this.#lenders.splice(at, 1);
  }

  /** Nobody asks and nobody has lent anything. */
  clear(): void {
    this.#asking.clear();
    this.#lenders.length = 0;
  }

  /** The seat is gone. */
  forget(seat: T): void {
    this.withdraw(seat);
    this.forgetLender(seat);
  }
}
