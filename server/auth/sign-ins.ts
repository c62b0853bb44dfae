import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../protocol/role.js';
import { type Clock, monotonicClock } from './clock.js';

/** One browser or program that is signed in. */
export interface SignIn {
  readonly id: string;
  /** The user's name. */
  readonly name: string;
  readonly role: Role;
}

interface Entry extends SignIn {
  readonly madeAt: number;
  usedAt: number;
}

const IDLE_MS = 24 * 60 * 60_000;
const ABSOLUTE_MS = 30 * 24 * 60 * 60_000;
const MAX_PER_USER = 32;

/** Hears of each sign-in that ends, at once: its media and input must end with it. */
export type SignInEnded = (signIn: SignIn) => void;

/**
 * The sign-ins, in memory only: a restart ends them. The token has 256 random bits and only its SHA-256 is kept, so
 * that a memory dump signs nobody in.
 */
export class SignIns {
  readonly #clock: Clock;
  readonly #byDigest = new Map<string, Entry>();
  readonly #listeners = new Set<SignInEnded>();

  constructor(clock: Clock = monotonicClock) {
    this.#clock = clock;
  }

  /** Signs in and returns the token, which is nowhere else. A user's 33rd ends the one that was idle longest. */
  create(name: string, role: Role): { signIn: SignIn; token: string } {
    const own = [...this.#byDigest.values()].filter((entry) => entry.name === name);
    if (own.length >= MAX_PER_USER) {
      const idlest = own.reduce((a, b) => (a.usedAt <= b.usedAt ? a : b));
      this.end(idlest.id);
    }
    const token = randomBytes(32).toString('base64url');
    const now = this.#clock();
    const id = randomBytes(9).toString('base64url');
    const entry = { id, name, role, madeAt: now, usedAt: now };
    this.#byDigest.set(digest(token), entry);
    return { signIn: entry, token };
  }

  /** The sign-in of a token, which counts as used by this. */
  find(token: string): SignIn | undefined {
    const entry = this.#byDigest.get(digest(token));
    if (!entry) return undefined;
    if (this.#expired(entry)) {
      this.end(entry.id);
      return undefined;
    }
    entry.usedAt = this.#clock();
    return entry;
  }

  /** Ends one sign-in. Does nothing when it has ended. */
  end(id: string): void {
    this.#endWhere((entry) => entry.id === id);
  }

  /** How many a user has. */
  countOf(name: string): number {
    return [...this.#byDigest.values()].filter(
      (entry) => entry.name === name && !this.#expired(entry),
    ).length;
  }

  /** Ends all sign-ins of a user, but the one named if any. */
  endAll(name: string, keptId?: string): void {
    this.#endWhere((entry) => entry.name === name && entry.id !== keptId);
  }

  /** Ends what has expired. One that `inUse` names (it watches) is not idle, but ends at its absolute age too. */
  sweep(inUse: (id: string) => boolean): void {
    for (const entry of this.#byDigest.values()) {
      if (inUse(entry.id)) entry.usedAt = this.#clock();
    }
    this.#endWhere((entry) => this.#expired(entry));
  }

  /** Returns the unsubscribe function. */
  onEnded(listener: SignInEnded): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #expired(entry: Entry): boolean {
    const now = this.#clock();
    return now - entry.usedAt > IDLE_MS || now - entry.madeAt > ABSOLUTE_MS;
  }

  #endWhere(matches: (entry: Entry) => boolean): void {
    for (const [key, entry] of this.#byDigest) {
      if (!matches(entry)) continue;
      this.#byDigest.delete(key);
      for (const listener of this.#listeners) listener(entry);
    }
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
