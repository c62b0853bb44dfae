import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { KvmError } from '../errors.js';
import { type Clock, monotonicClock } from './clock.js';

/** Crockford's base 32: no letter that looks like a digit. 10 of them are 50 bits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 10;
const MAX_WRONG_TRIES = 5;
const VALID_MS = 15 * 60_000;

/** Shows the code where only somebody at the unit sees it (the log, the panel). */
export type AnnounceCode = (code: string) => void;

/**
 * The one-time code that proves presence while nobody owns the unit. Five wrong tries or 15 minutes make a new one;
 * an expired one is replaced when somebody needs it, so that an idle unit does not fill its log.
 */
export class Claim {
  readonly #announce: AnnounceCode;
  readonly #clock: Clock;
  #code: { text: string; madeAt: number; wrongTries: number } | undefined;

  constructor(announce: AnnounceCode, clock: Clock = monotonicClock) {
    this.#announce = announce;
    this.#clock = clock;
  }

  /** Makes and announces a code unless there is a valid one. */
  offer(): void {
    if (this.#code && this.#clock() - this.#code.madeAt < VALID_MS) return;
    const letters = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]);
    const half = CODE_LENGTH / 2;
    const text = `${letters.slice(0, half).join('')}-${letters.slice(half).join('')}`;
    this.#code = { text, madeAt: this.#clock(), wrongTries: 0 };
    this.#announce(text);
  }

  /** Checks a code without using it up. Throws KvmError wrong-code. */
  check(attempt: string): void {
    this.offer();
    const code = this.#code;
    if (code && timingSafeEqual(digest(attempt), digest(code.text))) return;
    if (code) {
      code.wrongTries += 1;
      if (code.wrongTries >= MAX_WRONG_TRIES) {
        this.#code = undefined;
        this.offer();
      }
    }
    throw new KvmError('wrong-code');
  }

  /** The unit has an owner: the code is gone. */
  finish(): void {
    this.#code = undefined;
  }
}

/** As typed: lower case, without dashes, with the letters that look like digits. */
function digest(code: string): Buffer {
  const plain = code
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return createHash('sha256').update(plain).digest();
}
