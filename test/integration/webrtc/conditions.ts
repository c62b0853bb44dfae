const DEADLINE_MS = 15_000;

/** Lets a test wait for a condition that events bring about. */
export class Conditions {
  readonly #waiting = new Set<() => void>();

  /** Something changed: all conditions are looked at again. */
  notify(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Resolves when the condition holds; rejects with its name after 15 s. */
  until(name: string, holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(deadline);
        this.#waiting.delete(look);
      };
      const look = () => {
        if (!holds()) return;
        done();
        resolve();
      };
      const deadline = setTimeout(() => {
        done();
        reject(new Error(`never came true: ${name}`));
      }, DEADLINE_MS);
      this.#waiting.add(look);
      look();
    });
  }
}
