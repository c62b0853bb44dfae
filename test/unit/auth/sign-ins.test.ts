import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SignIns } from '../../../server/auth/sign-ins.js';

const DAY_MS = 24 * 60 * 60_000;

function fixture() {
  const clock = { nowMs: 0 };
  const signIns = new SignIns(() => clock.nowMs);
  const ended: string[] = [];
  signIns.onEnded(({ id }) => ended.push(id));
  return { clock, signIns, ended };
}

describe('sign-ins', () => {
  it('finds a sign-in by its token only', () => {
    const { signIns } = fixture();
    const { signIn, token } = signIns.create('ada', 'owner');
    assert.equal(Buffer.from(token, 'base64url').length, 32);
    assert.equal(signIns.find(token)?.id, signIn.id);
    assert.equal(signIns.find(token)?.name, 'ada');
    assert.equal(signIns.find(signIn.id), undefined);
    assert.equal(signIns.find(''), undefined);
    assert.equal(signIns.find(`${token}A`), undefined);
  });

  it('tells at once when one ends, and once', () => {
    const { signIns, ended } = fixture();
    const { signIn, token } = signIns.create('ada', 'owner');
    signIns.end(signIn.id);
    signIns.end(signIn.id);
    assert.deepEqual(ended, [signIn.id]);
    assert.equal(signIns.find(token), undefined);
  });

  it('ends all others of a user and nobody else', () => {
    const { signIns, ended } = fixture();
    const kept = signIns.create('ada', 'owner');
    const other = signIns.create('ada', 'owner');
    const bob = signIns.create('bob', 'owner');
    signIns.endAll('ada', kept.signIn.id);
    assert.deepEqual(ended, [other.signIn.id]);
    assert.ok(signIns.find(kept.token));
    assert.ok(signIns.find(bob.token));
  });

  it('ends after a day without use; use prolongs it', () => {
    const { clock, signIns, ended } = fixture();
    const { token } = signIns.create('ada', 'owner');
    clock.nowMs += DAY_MS;
    assert.ok(signIns.find(token));
    clock.nowMs += DAY_MS;
    assert.ok(signIns.find(token));
    clock.nowMs += DAY_MS + 1;
    assert.equal(signIns.find(token), undefined);
    assert.equal(ended.length, 1);
  });

  it('sweeps what has expired and spares who is watching, up to the absolute age', () => {
    const { clock, signIns, ended } = fixture();
    const watching = signIns.create('ada', 'owner');
    const idle = signIns.create('ada', 'owner');
    const inUse = (id: string) => id === watching.signIn.id;
    for (let day = 0; day < 30; day += 1) {
      clock.nowMs += DAY_MS;
      signIns.sweep(inUse);
    }
    assert.deepEqual(ended, [idle.signIn.id]);
    clock.nowMs += 1;
    signIns.sweep(inUse);
    assert.deepEqual(ended, [idle.signIn.id, watching.signIn.id]);
  });

  it('bounds the sign-ins of a user by ending the one that was idle longest', () => {
    const { clock, signIns, ended } = fixture();
    const made = Array.from({ length: 32 }, () => {
      clock.nowMs += 1;
      return signIns.create('ada', 'owner');
    });
    clock.nowMs += 1;
    assert.ok(made[0] && signIns.find(made[0].token));
    signIns.create('ada', 'owner');
    assert.deepEqual(ended, [made[1]?.signIn.id]);
  });

  it('keeps no token', () => {
    const { signIns } = fixture();
    const { signIn, token } = signIns.create('ada', 'owner');
    assert.ok(!JSON.stringify(signIn).includes(token));
  });

  it('stops telling after unsubscribing', () => {
    const { signIns } = fixture();
    let calls = 0;
    const unsubscribe = signIns.onEnded(() => {
      calls += 1;
    });
    unsubscribe();
    signIns.end(signIns.create('ada', 'owner').signIn.id);
    assert.equal(calls, 0);
  });
});
