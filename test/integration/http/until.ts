const DEADLINE_MS = 20_000;

/** Waits for a condition, which may do I/O. Throws after 20 s: only a broken program takes that long. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
): Promise<Exclude<T, undefined | false>> {
  const giveUpAt = performance.now() + DEADLINE_MS;
  for (;;) {
    const result = await condition();
    if (result !== undefined && result !== false) {
      return result as Exclude<T, undefined | false>;
    }
    if (performance.now() > giveUpAt) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
