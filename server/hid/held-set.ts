/**
 * What several sources hold down, as the target sees it: the union, in the order of pressing. An item that two
 * sources hold stays in it until both have let go.
 */
export class HeldSet<Source, Item> {
  readonly #holders = new Map<Item, Set<Source>>();

  get items(): IterableIterator<Item> {
    return this.#holders.keys();
  }

  get size(): number {
    return this.#holders.size;
  }

  has(item: Item): boolean {
    return this.#holders.has(item);
  }

  /** True when the item was not in the union before. */
  press(source: Source, item: Item): boolean {
    const holders = this.#holders.get(item);
    if (holders) {
      holders.add(source);
      return false;
    }
    this.#holders.set(item, new Set([source]));
    return true;
  }

  /** True when the item left the union. */
  release(source: Source, item: Item): boolean {
    const holders = this.#holders.get(item);
    if (!holders?.delete(source) || holders.size > 0) return false;
    this.#holders.delete(item);
    return true;
  }

  /** Lets go of all that the source holds; true when the union changed. */
  releaseAll(source: Source): boolean {
    let changed = false;
    for (const item of [...this.#holders.keys()]) {
      if (this.release(source, item)) changed = true;
    }
    return changed;
  }

  clear(): void {
    this.#holders.clear();
  }
}
