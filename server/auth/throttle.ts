import { isIPv6 } from 'node:net';
import { KvmError } from '../errors.js';
import { type Clock, monotonicClock } from './clock.js';

interface Record {
  failures: number;
  /** No further try before this time. */
  blockedUntil: number;
  lastFailure: number;
}

/** Tells a client to wait. The reply carries it as Retry-After. */
export class ThrottledError extends KvmError {
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('throttled');
    this.retryAfterMs = retryAfterMs;
  }
}

/** Free failures, then waits that double from the first to the longest; forgotten after a quiet time. */
export interface ThrottleLimits {
  readonly freeFailures: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  readonly forgetAfterMs: number;
  readonly maxKeys: number;
}

export const THROTTLE_LIMITS: ThrottleLimits = {
  freeFailures: 5,
  firstWaitMs: 1000,
  longestWaitMs: 5 * 60_000,
  forgetAfterMs: 60 * 60_000,
  maxKeys: 1024,
};

/** Slows guessing down. Each try counts as a failure from its start, so that many at once gain nothing. */
export class Throttle {
  readonly #limits: ThrottleLimits;
  readonly #clock: Clock;
  /** Longest untouched first. */
  readonly #records = new Map<string, Record>();

  constructor(clock: Clock = monotonicClock, limits: ThrottleLimits = THROTTLE_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Begins a try for all keys (an address, a user). Throws {@link ThrottledError} when one of them must wait. */
  begin(...keys: string[]): void {
    const now = this.#clock();
    const waitMs = Math.max(...keys.map((key) => (this.#get(key, now)?.blockedUntil ?? now) - now));
    if (waitMs > 0) throw new ThrottledError(waitMs);
    for (const key of keys) this.#countFailure(key, now);
  }

  /** The try was right: its keys start anew. */
  succeed(...keys: string[]): void {
    for (const key of keys) this.#records.delete(key);
  }

  /** The try was not judged (the appliance was busy): it does not count. */
  cancel(...keys: string[]): void {
    for (const key of keys) {
      const record = this.#records.get(key);
      if (!record) continue;
      record.failures -= 1;
      record.blockedUntil = this.#clock();
      if (record.failures <= 0) this.#records.delete(key);
    }
  }

  #get(key: string, now: number): Record | undefined {
    const record = this.#records.get(key);
    if (record && now - record.lastFailure > this.#limits.forgetAfterMs) {
      this.#records.delete(key);
      return undefined;
    }
    return record;
  }

  #countFailure(key: string, now: number): void {
    const { freeFailures, firstWaitMs, longestWaitMs, maxKeys } = this.#limits;
    const failures = (this.#records.get(key)?.failures ?? 0) + 1;
    const doublings = failures - freeFailures;
    const waitMs = doublings < 0 ? 0 : Math.min(firstWaitMs * 2 ** doublings, longestWaitMs);
    this.#records.delete(key);
    this.#records.set(key, { failures, blockedUntil: now + waitMs, lastFailure: now });
    if (this.#records.size > maxKeys) {
      const [oldest] = this.#records.keys();
      if (oldest !== undefined) this.#records.delete(oldest);
    }
  }
}

/** The key of a client's address. One IPv6 customer has a whole /64 to try from. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(gap, 0)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
