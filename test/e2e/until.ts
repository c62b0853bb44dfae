import { setTimeout as pause } from 'node:timers/promises';

/** A condition that has not come true by then never will. */
const DEADLINE_MS = 20_000;
const INTERVAL_MS = 20;

/** Asks again until the answer is truthy and returns it; fails by name, with what `explain` says, at the deadline. */
export async function until<T>(
  what: string,
  ask: () => Promise<T> | T,
  explain: () => Promise<unknown> | unknown = () => '',
  deadlineMs = DEADLINE_MS,
): Promise<NonNullable<T>> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > endMs) {
      throw new Error(`waited in vain for: ${what}. ${String(await explain())}`);
    }
    await pause(INTERVAL_MS);
  }
}
