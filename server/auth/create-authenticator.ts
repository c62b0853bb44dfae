import type { UserStore } from '../store/user-store.js';
import { Authenticator } from './authenticator.js';
import { type AnnounceCode, Claim } from './claim.js';
import { type Clock, monotonicClock } from './clock.js';
import { PasswordHasher } from './password-hasher.js';
import { SignIns } from './sign-ins.js';
import { Throttle } from './throttle.js';

/** Builds the authenticator on a store. `announce` shows claim codes; `clock` is for tests. */
export function createAuthenticator(
  users: UserStore,
  announce: AnnounceCode,
  clock: Clock = monotonicClock,
): Authenticator {
  return new Authenticator({
    users,
    hasher: new PasswordHasher(),
    signIns: new SignIns(clock),
    claim: new Claim(announce, clock),
    throttle: new Throttle(clock),
  });
}
