import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { KvmError } from '../errors.js';
import type { Logger } from '../logger.js';
import { LIMITS } from '../protocol/limits.js';
import { ROLES, type Role } from '../protocol/role.js';
import { JsonFile } from './json-file.js';

/** A password as it is kept: scrypt (RFC 7914) with its own parameters, so that they may grow. Base64. */
export const PasswordRecord = Type.Object(
  {
    algorithm: Type.Literal('scrypt'),
    // The bounds keep a tampered file from asking for gigabytes: 128 * n * r bytes are needed.
    n: Type.Integer({ minimum: 1024, maximum: 32768 }),
    r: Type.Integer({ minimum: 1, maximum: 8 }),
    p: Type.Integer({ minimum: 1, maximum: 4 }),
    salt: Type.String({ minLength: 16, maxLength: 128 }),
    hash: Type.String({ minLength: 32, maxLength: 128 }),
  },
  { additionalProperties: false },
);
export type PasswordRecord = Static<typeof PasswordRecord>;

const User = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: LIMITS.maxNameLength }),
    password: PasswordRecord,
    // The first files had only the owner in them and no role.
    role: Type.Optional(Type.Unsafe<Role>(Type.Enum([...ROLES]))),
  },
  { additionalProperties: false },
);

const UsersFile = Type.Object(
  { version: Type.Literal(1), users: Type.Array(User, { maxItems: 64 }) },
  { additionalProperties: false },
);

interface UserRecord {
  readonly password: PasswordRecord;
  readonly role: Role;
}

/** An account without its password. */
export interface Account {
  readonly name: string;
  readonly role: Role;
}

/** What an account becomes; what is left out stays. */
export interface AccountChange {
  readonly newName?: string;
  readonly role?: Role;
  readonly password?: PasswordRecord;
}

/** Who may sign in. The memory is the truth while the program runs; each change is on the disk before it counts. */
export class UserStore {
  readonly #file: JsonFile<typeof UsersFile>;
  #users: ReadonlyMap<string, UserRecord> = new Map();
  #claiming = false;
  #lastChange: Promise<void> = Promise.resolve();

  private constructor(file: JsonFile<typeof UsersFile>) {
    this.#file = file;
  }

  /** Loads users.json of the state directory. */
  static async open(stateDir: string, logger: Logger): Promise<UserStore> {
    const store = new UserStore(new JsonFile(join(stateDir, 'users.json'), UsersFile, logger));
    const content = await store.#file.load();
    store.#users = new Map(
      content?.users.map(({ name, password, role = 'owner' }) => [name, { password, role }]),
    );
    return store;
  }

  /** True once somebody owns this unit. */
  get claimed(): boolean {
    return this.#users.size > 0;
  }

  /** In the order in which they were made. */
  get accounts(): Account[] {
    return [...this.#users].map(([name, { role }]) => ({ name, role }));
  }

  find(name: string): PasswordRecord | undefined {
    return this.#users.get(name)?.password;
  }

  /** The role of a user; who is none only watches. */
  roleOf(name: string): Role {
    return this.#users.get(name)?.role ?? 'watcher';
  }

  /** Adds the first user. Throws KvmError already-claimed when there is one, or is about to be. */
  async claim(name: string, password: PasswordRecord): Promise<void> {
    if (this.claimed || this.#claiming) throw new KvmError('already-claimed');
    this.#claiming = true;
    try {
      await this.#write(new Map([[name, { password, role: 'owner' }]]));
    } finally {
      this.#claiming = false;
    }
  }

  /** Replaces the password `old`, an object of {@link find}. Throws KvmError wrong-password when it is no longer that one. */
  replacePassword(name: string, old: PasswordRecord, next: PasswordRecord): Promise<void> {
    return this.#inOrder(async () => {
      const user = this.#users.get(name);
      if (user?.password !== old) throw new KvmError('wrong-password');
      await this.#write(new Map(this.#users).set(name, { ...user, password: next }));
    });
  }

  /** Adds an account. Throws KvmError name-taken, too-many-accounts. */
  add(name: string, role: Role, password: PasswordRecord): Promise<void> {
    return this.#inOrder(async () => {
      this.#requireFree(name);
      if (this.#users.size >= LIMITS.maxAccounts) throw new KvmError('too-many-accounts');
      await this.#write(new Map(this.#users).set(name, { password, role }));
    });
  }

  /** Changes an account that is no owner's. Throws KvmError no-account, not-allowed, name-taken. */
  change(name: string, { newName = name, role, password }: AccountChange): Promise<void> {
    return this.#inOrder(async () => {
      const user = this.#requireBelowOwner(name);
      this.#requireFree(newName, name);
      const next = { password: password ?? user.password, role: role ?? user.role };
      // It keeps its place.
      await this.#write(
        new Map([...this.#users].map((entry) => (entry[0] === name ? [newName, next] : entry))),
      );
    });
  }

  /** Removes an account that is no owner's. Throws KvmError no-account, not-allowed. */
  remove(name: string): Promise<void> {
    return this.#inOrder(async () => {
      this.#requireBelowOwner(name);
      await this.#write(new Map([...this.#users].filter(([other]) => other !== name)));
    });
  }

  #requireBelowOwner(name: string): UserRecord {
    const user = this.#users.get(name);
    if (!user) throw new KvmError('no-account');
    if (user.role === 'owner') {
      throw new KvmError('not-allowed', 'The account of an owner cannot be changed here.');
    }
    return user;
  }

  /** Names that differ in case only would be taken for each other. */
  #requireFree(name: string, own?: string): void {
    const taken = [...this.#users.keys()].some(
      (other) => other !== own && other.toLowerCase() === name.toLowerCase(),
    );
    if (taken) throw new KvmError('name-taken');
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const change = this.#lastChange.then(work);
    // A failed change is its caller's matter and must not stop the next one.
    this.#lastChange = change.catch(() => {});
    return change;
  }

  async #write(users: Map<string, UserRecord>): Promise<void> {
    const list = [...users].map(([name, user]) => ({ name, ...user }));
    await this.#file.save({ version: 1, users: list });
    this.#users = users;
  }
}
