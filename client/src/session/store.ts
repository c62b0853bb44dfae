/** The page's one state: replaced as a whole, listeners told once per change. */
export class Store<T extends object> {
  #value: T;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(initial: T) {
    this.#value = initial;
  }

  get value(): T {
    return this.#value;
  }

  /** Merges `change`; listeners are called synchronously and only when something differs. */
  update(change: Partial<T>): void {
    const keys = Object.keys(change) as Array<keyof T>;
    if (!keys.some((key) => change[key] !== this.#value[key])) return;
    this.#value = { ...this.#value, ...change };
    for (const listener of this.#listeners) listener(this.#value);
  }

  /** Returns the unsubscribe function. */
  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
