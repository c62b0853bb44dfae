import { KvmError } from '../errors.js';
import { LIMITS } from '../protocol/limits.js';

/** A user's name in the one form in which it is kept and compared. Throws KvmError bad-request. */
export function checkedName(name: string): string {
  const user = name.normalize('NFKC').trim();
  if (user === '' || user.length > LIMITS.maxNameLength || /\p{C}/u.test(user)) {
    throw new KvmError('bad-request', 'The name must be 1 to 64 visible characters.');
  }
  return user;
}

/** Throws KvmError weak-password. */
export function checkStrength(password: string): void {
  if ([...password.normalize('NFKC')].length < LIMITS.minPasswordLength) {
    throw new KvmError('weak-password');
  }
}
