import type { GivenRole } from '../protocol/accounts.js';
import { LIMITS } from '../protocol/limits.js';
import type { Role } from '../protocol/role.js';
import type { UserStore } from '../store/user-store.js';
import { checkedName, checkStrength } from './account-rules.js';
import type { PasswordHasher } from './password-hasher.js';
import type { SignIns } from './sign-ins.js';

/** What {@link Accounts} works with. */
export interface AccountsParts {
  readonly users: UserStore;
  readonly hasher: PasswordHasher;
  readonly signIns: SignIns;
  /** The account of this name is another one now, or none. */
  ended(name: string): void;
}

/** One account as owners see it. */
export interface AccountStatus {
  readonly name: string;
  readonly role: Role;
  /** Browsers and programs that are signed in. */
  readonly signIns: number;
}

/** What becomes of an account; what is left out stays. */
export interface AccountUpdate {
  readonly newName?: string;
  readonly role?: GivenRole;
  readonly password?: string;
}

/**
 * The accounts below the owner. Who calls has made sure that an owner asks. A change of any kind ends every sign-in of
 * the account, media and input included: nobody goes on under an old name, role or password.
 */
export class Accounts {
  readonly #parts: AccountsParts;

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  /** All accounts, the owner's too, in the order in which they were made. */
  get list(): AccountStatus[] {
    const { users, signIns } = this.#parts;
    return users.accounts.map((account) => ({
      ...account,
      signIns: signIns.countOf(account.name),
    }));
  }

  /** How many more there may be. */
  get places(): number {
    return Math.max(0, LIMITS.maxAccounts - this.#parts.users.accounts.length);
  }

  /** Throws KvmError bad-request, weak-password, name-taken, too-many-accounts, busy. */
  async create(name: string, role: GivenRole, password: string): Promise<void> {
    const { users, hasher } = this.#parts;
    const user = checkedName(name);
    checkStrength(password);
    await users.add(user, role, await hasher.hash(password));
  }

  /** Throws KvmError no-account, not-allowed (an owner's), bad-request, weak-password, name-taken, busy. */
  async change(name: string, { newName, role, password }: AccountUpdate): Promise<void> {
    const { users, hasher } = this.#parts;
    if (password !== undefined) checkStrength(password);
    await users.change(name, {
      ...(newName !== undefined && { newName: checkedName(newName) }),
      ...(role !== undefined && { role }),
      ...(password !== undefined && { password: await hasher.hash(password) }),
    });
    this.#end(name);
  }

  /** Throws KvmError no-account, not-allowed (an owner's). */
  async remove(name: string): Promise<void> {
    await this.#parts.users.remove(name);
    this.#end(name);
  }

  #end(name: string): void {
    this.#parts.signIns.endAll(name);
    this.#parts.ended(name);
  }
}
