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
const OTHER = 'another long password';
const ADDRESS = '192.0.2.1';
const ELSEWHERE = '198.51.100.7';

describe('accounts below the owner', () => {
  let directory: string;
  let auth: Authenticator;
  let ended: string[];

  async function open(): Promise<Authenticator> {
    const made = new Authenticator({
      users: await UserStore.open(directory, silentLogger),
      hasher: new PasswordHasher(),
      signIns: new SignIns(),
      claim: new Claim((code) => {
        claimCode = code;
      }),
      throttle: new Throttle(() => 0),
    });
    made.signIns.onEnded(({ name, role }) => ended.push(`${name} ${role}`));
    return made;
  }
  let claimCode = '';

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mykvm-accounts-'));
    ended = [];
    auth = await open();
    auth.offerClaim();
    await auth.claim(claimCode, 'ada', PASSWORD, ADDRESS);
    await auth.accounts.create('lin', 'operator', PASSWORD);
  });
  afterEach(() => rm(directory, { recursive: true }));

  const login = (name: string, password = PASSWORD, address = ADDRESS) =>
    auth.login(name, password, address);

  it('signs in with its role, and still does after a restart', async () => {
    assert.equal((await login('lin')).signIn.role, 'operator');
    auth = await open();
    assert.equal((await login('lin')).signIn.role, 'operator');
    assert.deepEqual(auth.accounts.list, [
      { name: 'ada', role: 'owner', signIns: 0 },
      { name: 'lin', role: 'operator', signIns: 1 },
    ]);
  });

  it('keeps names as people read them, and takes none twice', async () => {
    await auth.accounts.create('  Ｇrete ', 'watcher', PASSWORD);
    assert.equal((await login('Grete')).signIn.role, 'watcher');
    for (const name of ['lin', 'LIN', 'Ada', 'grete']) {
      await assert.rejects(auth.accounts.create(name, 'watcher', PASSWORD), { code: 'name-taken' });
    }
    await assert.rejects(auth.accounts.create(' \u200b', 'watcher', PASSWORD), {
      code: 'bad-request',
    });
    await assert.rejects(auth.accounts.create('bob', 'watcher', 'short'), {
      code: 'weak-password',
    });
  });

  it('loses every sign-in by a change of role, and gets the new one at the next', async () => {
    const { token } = await login('lin');
    await login('lin');
    await auth.accounts.change('lin', { role: 'watcher' });
    assert.deepEqual(ended, ['lin operator', 'lin operator']);
    assert.equal(auth.signIns.find(token), undefined);
    assert.equal((await login('lin')).signIn.role, 'watcher');
  });

  it('loses every sign-in by a new name or a new password', async () => {
    await login('lin');
    await auth.accounts.change('lin', { newName: 'Linus' });
    await assert.rejects(login('lin'), { code: 'wrong-password' });
    await login('Linus');
    await auth.accounts.change('Linus', { password: OTHER });
    await assert.rejects(login('Linus'), { code: 'wrong-password' });
    assert.equal((await login('Linus', OTHER)).signIn.role, 'operator');
    assert.deepEqual(ended, ['lin operator', 'Linus operator']);
  });

  it('may change how its name is written', async () => {
    await auth.accounts.change('lin', { newName: 'Lin' });
    assert.deepEqual(
      auth.accounts.list.map(({ name }) => name),
      ['ada', 'Lin'],
    );
  });

  it('is gone at once when it is removed, and its name is free', async () => {
    const { signIn } = await login('lin');
    await auth.accounts.remove('lin');
    assert.deepEqual(ended, ['lin operator']);
    await assert.rejects(login('lin'), { code: 'wrong-password' });
    await assert.rejects(auth.changePassword(signIn, PASSWORD, OTHER, ADDRESS), {
      code: 'wrong-password',
    });
    await auth.accounts.create('lin', 'watcher', OTHER);
    assert.equal((await login('lin', OTHER)).signIn.role, 'watcher');
  });

  it('of a name that was used before has no place from which guesses count less', async () => {
    await login('lin', PASSWORD, ELSEWHERE);
    await auth.accounts.remove('lin');
    await auth.accounts.create('lin', 'operator', OTHER);
    for (let guess = 0; guess < 5; guess += 1) {
      await assert.rejects(login('lin', 'wrong', ELSEWHERE), { code: 'wrong-password' });
    }
    // Those guesses counted against the name too.
    await assert.rejects(login('lin', OTHER, '203.0.113.5'), { code: 'throttled' });
  });

  it('of an owner cannot be changed or removed, and no other can be either', async () => {
    const { signIn } = await login('ada');
    const { accounts, signIns } = auth;
    await assert.rejects(accounts.change('ada', { role: 'watcher' }), { code: 'not-allowed' });
    await assert.rejects(accounts.change('ada', { password: OTHER }), { code: 'not-allowed' });
    await assert.rejects(accounts.remove('ada'), { code: 'not-allowed' });
    await assert.rejects(accounts.remove('nobody'), { code: 'no-account' });
    await assert.rejects(accounts.change('nobody', { newName: 'x' }), { code: 'no-account' });
    await assert.rejects(accounts.change('lin', { newName: 'ADA' }), { code: 'name-taken' });
    assert.deepEqual(ended, []);
    assert.equal(signIns.countOf('ada'), 2, signIn.name);
  });

  it('has one way in after two changes at once', async () => {
    const results = await Promise.allSettled([
      auth.accounts.change('lin', { newName: 'bob' }),
      auth.accounts.remove('lin'),
      auth.accounts.create('bob', 'watcher', PASSWORD),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected'],
    );
    assert.equal((await login('bob')).signIn.role, 'operator');
  });
});
