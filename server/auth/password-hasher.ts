import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { KvmError } from '../errors.js';
import type { PasswordRecord } from '../store/user-store.js';

/** 128 * N * r = 16 MiB and about 0.2 s on the board. */
const COST = { n: 2 ** 14, r: 8, p: 1 } as const;
const HASH_BYTES = 32;
const MAX_WAITING = 4;

/** What an unknown user's password is compared with, so that the answer takes as long as for a known one. */
const NOBODY: PasswordRecord = {
  algorithm: 'scrypt',
  ...COST,
  salt: randomBytes(16).toString('base64'),
  hash: randomBytes(HASH_BYTES).toString('base64'),
};

/**
 * Hashes passwords one at a time, because each takes 16 MiB and a core of a small board. Four may wait; everybody
 * else is told KvmError busy at once.
 */
export class PasswordHasher {
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;

  /** A new record with its own random salt. */
  async hash(password: string): Promise<PasswordRecord> {
    const salt = randomBytes(16);
    const hash = await this.#enqueue(() => derive(password, salt, COST));
    return {
      algorithm: 'scrypt',
      ...COST,
      salt: salt.toString('base64'),
      hash: hash.toString('base64'),
    };
  }

  /** Compares in constant time. Without a record it does the same work and says no. */
  async verify(password: string, record: PasswordRecord | undefined): Promise<boolean> {
    const { salt, hash, ...cost } = record ?? NOBODY;
    const expected = Buffer.from(hash, 'base64');
    const actual = await this.#enqueue(() => derive(password, Buffer.from(salt, 'base64'), cost));
    const equal = expected.length === actual.length && timingSafeEqual(expected, actual);
    return equal && record !== undefined;
  }

  async #enqueue(work: () => Promise<Buffer>): Promise<Buffer> {
    if (this.#pending > MAX_WAITING) throw new KvmError('busy');
    this.#pending += 1;
    const result = this.#last.then(work).finally(() => {
      this.#pending -= 1;
    });
    // A failure is its caller's matter and must not stop those who wait.
    this.#last = result.catch(() => {});
    return await result;
  }
}

function derive(
  password: string,
  salt: Buffer,
  { n, r, p }: { n: number; r: number; p: number },
): Promise<Buffer> {
  // NFKC: the same letters typed on another system must be the same password.
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    const options = { N: n, r, p, maxmem: 256 * n * r };
    scrypt(text, salt, HASH_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
