import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Authenticator } from '../../../server/auth/authenticator.js';
import { Claim } from '../../../server/auth/claim.js';
import { PasswordHasher } from '../../../server/auth/password-hasher.js';
import { SignIns } from '../../../server/auth/sign-ins.js';
import { Throttle } from '../../../server/auth/throttle.js';
import { silentLogger } from '../../../server/logger.js';
import { UserStore } from '../../../server/store/user-store.js';

const PASSWORD = 'correct horse battery';
const NEXT = 'another long password';
const ADDRESS = '192.0.2.1';

/** Says what it found only when the test lets it. */
class HeldHasher extends PasswordHasher {
  readonly held: Array<() => void> = [];
  holds = false;

  override async verify(...args: Parameters<PasswordHasher['verify']>): Promise<boolean> {
    const right = await super.verify(...args);
    if (this.holds) await new Promise<void>((resolve) => this.held.push(resolve));
    return right;
  }
}

describe('authenticator', () => {
  let directory: string;
  let hasher: HeldHasher;
  let auth: Authenticator;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mykvm-auth-'));
    hasher = new HeldHasher();
    let code = '';
    auth = new Authenticator({
      users: await UserStore.open(directory, silentLogger),
      hasher,
      signIns: new SignIns(),
      claim: new Claim((text) => {
        code = text;
      }),
      // Its time stands still: the wait after a guess must not end while the next password is looked at.
      throttle: new Throttle(() => 0),
    });
    auth.offerClaim();
    await auth.claim(code, 'ada', PASSWORD, ADDRESS);
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** Work whose check of the old password is done but not yet heard of. */
  async function checked<T>(begin: () => Promise<T>): Promise<{ result: Promise<T>; go(): void }> {
    hasher.holds = true;
    const result = begin();
    // Whoever fails is looked at later.
    result.catch(() => {});
    while (hasher.held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    hasher.holds = false;
    return { result, go: () => hasher.held.shift()?.() };
  }

  it('leaves, after a password change, no way in for a sign-in whose old password was in work', async () => {
    const { signIn } = await auth.login('ada', PASSWORD, ADDRESS);
    const late = await checked(() => auth.login('ada', PASSWORD, ADDRESS));
    await auth.changePassword(signIn, PASSWORD, NEXT, ADDRESS);
    late.go();
    await assert.rejects(late.result, { code: 'wrong-password' });
    await auth.login('ada', NEXT, ADDRESS);
  });

  it('does not undo a password change by another one whose old password was in work', async () => {
    const first = await auth.login('ada', PASSWORD, ADDRESS);
    const second = await auth.login('ada', PASSWORD, ADDRESS);
    const late = await checked(() =>
      auth.changePassword(second.signIn, PASSWORD, 'a third long password', ADDRESS),
    );
    await auth.changePassword(first.signIn, PASSWORD, NEXT, ADDRESS);
    late.go();
    await assert.rejects(late.result, { code: 'wrong-password' });
    assert.ok(auth.signIns.find(first.token));
    await auth.login('ada', NEXT, ADDRESS);
  });

  it('makes one of two password changes at once, and tells the other', async () => {
    const first = await auth.login('ada', PASSWORD, ADDRESS);
    const second = await auth.login('ada', PASSWORD, ADDRESS);
    const results = await Promise.allSettled([
      auth.changePassword(first.signIn, PASSWORD, NEXT, ADDRESS),
      auth.changePassword(second.signIn, PASSWORD, 'a third long password', ADDRESS),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    assert.ok(auth.signIns.find(first.token));
    assert.equal(auth.signIns.find(second.token), undefined);
  });

  it('does not let guesses from elsewhere keep a user out where that user has signed in before', async () => {
    for (let guess = 0; guess < 5; guess += 1) {
      await assert.rejects(auth.login('ada', `guess ${guess}`, '198.51.100.7'), {
        code: 'wrong-password',
      });
    }
    await assert.rejects(auth.login('ada', PASSWORD, '203.0.113.5'), { code: 'throttled' });
    await auth.login('ada', PASSWORD, ADDRESS);
    // Guesses from there count as they do anywhere.
    for (let guess = 0; guess < 5; guess += 1) {
      await assert.rejects(auth.login('ada', `guess ${guess}`, ADDRESS), {
        code: 'wrong-password',
      });
    }
    await assert.rejects(auth.login('ada', PASSWORD, ADDRESS), { code: 'throttled' });
  });
});
