/** Something that is closed once; a second close() returns the same result. */
export interface Closable {
  close(): Promise<void> | void;
}

/**
 * The one close order of a component: what was opened last closes first. `close()` is idempotent, runs every
 * closer even when one fails, and then rejects with the first failure.
 */
export class CloseStack implements Closable {
  readonly #closers: Array<{ name: string; close: () => Promise<void> | void }> = [];
  #closing: Promise<void> | undefined;

  /** Registers a closer. Throws after close() has begun: nothing may be opened on the way down. */
  defer(name: string, close: () => Promise<void> | void): void {
    if (this.closing) throw new Error(`CloseStack: ${name} was opened while closing`);
    this.#closers.push({ name, close });
  }

  get closing(): boolean {
    return this.#closing !== undefined;
  }

  close(): Promise<void> {
    this.#closing ??= this.#run();
    return this.#closing;
  }

  async #run(): Promise<void> {
    const failures: Error[] = [];
    for (const { name, close } of this.#closers.reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(new Error(`closing ${name} failed`, { cause: error }));
      }
    }
    if (failures[0]) throw failures[0];
  }
}
