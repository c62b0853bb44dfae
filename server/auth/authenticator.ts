import { KvmError } from '../errors.js';
import type { PasswordRecord, UserStore } from '../store/user-store.js';
import { checkedName, checkStrength } from './account-rules.js';
import { Accounts } from './accounts.js';
import type { Claim } from './claim.js';
import type { PasswordHasher } from './password-hasher.js';
import type { SignIn, SignIns } from './sign-ins.js';
import { addressKey, type Throttle } from './throttle.js';

const MAX_VISITS = 64;

/** What an {@link Authenticator} works with. */
export interface AuthenticatorParts {
  readonly users: UserStore;
  readonly hasher: PasswordHasher;
  readonly signIns: SignIns;
  readonly claim: Claim;
  readonly throttle: Throttle;
}

/** Claiming, signing in and changing passwords: every guess is counted against its address and its user. */
export class Authenticator {
  /** The accounts below the owner. */
  readonly accounts: Accounts;
  readonly #parts: AuthenticatorParts;
  /** Addresses from which users have signed in, the newest last. In memory only. */
  readonly #visits = new Set<string>();

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
    this.accounts = new Accounts({ ...parts, ended: (name) => this.#forgetVisits(name) });
  }

  get claimed(): boolean {
    return this.#parts.users.claimed;
  }

  get signIns(): SignIns {
    return this.#parts.signIns;
  }

  /** Makes sure that a claim code is on show while the unit has no owner. */
  offerClaim(): void {
    if (!this.claimed) this.#parts.claim.offer();
  }

  /** Makes the first user and signs in. Throws KvmError already-claimed, throttled, weak-password, wrong-code, busy. */
  async claim(
    code: string,
    name: string,
    password: string,
    address: string,
  ): Promise<{ signIn: SignIn; token: string }> {
    const { users, claim, hasher, signIns, throttle } = this.#parts;
    if (users.claimed) throw new KvmError('already-claimed');
    const user = checkedName(name);
    checkStrength(password);
    const keys = [`claim ${addressKey(address)}`];
    throttle.begin(...keys);
    claim.check(code);
    throttle.succeed(...keys);
    await users.claim(user, await hasher.hash(password));
    claim.finish();
    this.#rememberVisit(`${addressKey(address)} ${user}`);
    return signIns.create(user, 'owner');
  }

  /** Signs in. Throws KvmError not-claimed, throttled, wrong-password or busy. */
  async login(
    name: string,
    password: string,
    address: string,
  ): Promise<{ signIn: SignIn; token: string }> {
    if (!this.claimed) throw new KvmError('not-claimed');
    const user = name.normalize('NFKC').trim();
    await this.#verify(user, password, address);
    return this.signIns.create(user, this.#parts.users.roleOf(user));
  }

  /** Changes the own password and ends every other sign-in of the user, media and input included. */
  async changePassword(
    signIn: SignIn,
    current: string,
    next: string,
    address: string,
  ): Promise<void> {
    const { users, hasher } = this.#parts;
    checkStrength(next);
    const old = await this.#verify(signIn.name, current, address);
    await users.replacePassword(signIn.name, old, await hasher.hash(next));
    this.signIns.endAll(signIn.name, signIn.id);
  }

  /** The record that the password fits, which is the user's present one. */
  async #verify(user: string, password: string, address: string): Promise<PasswordRecord> {
    const { users, hasher, throttle } = this.#parts;
    const place = addressKey(address);
    const visit = `${place} ${user}`;
    // Where the user has signed in before, guesses from elsewhere do not count: nobody can lock the owner out.
    const keys = this.#visits.has(visit)
      ? [`address ${place}`]
      : [`address ${place}`, `user ${user}`];
    throttle.begin(...keys);
    const record = users.find(user);
    let right: boolean;
    try {
      right = await hasher.verify(password, record);
    } catch (error) {
      throttle.cancel(...keys);
      throw error;
    }
    // The password may have been changed meanwhile: then what fits the old one opens nothing.
    if (!right || record === undefined || users.find(user) !== record) {
      throw new KvmError('wrong-password');
    }
    throttle.succeed(...keys);
    this.#rememberVisit(visit);
    return record;
  }

  /** Whoever has this name next is somebody else. */
  #forgetVisits(user: string): void {
    for (const visit of this.#visits) {
      if (visit.slice(visit.indexOf(' ') + 1) === user) this.#visits.delete(visit);
    }
  }

  #rememberVisit(visit: string): void {
    this.#visits.delete(visit);
    this.#visits.add(visit);
    const [oldest] = this.#visits;
    if (oldest !== undefined && this.#visits.size > MAX_VISITS) this.#visits.delete(oldest);
  }
}
