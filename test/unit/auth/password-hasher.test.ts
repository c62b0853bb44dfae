import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PasswordHasher } from '../../../server/auth/password-hasher.js';

const PASSWORD = 'correct horse battery';

describe('password hasher', () => {
  it('knows the password again and no other', async () => {
    const hasher = new PasswordHasher();
    const record = await hasher.hash(PASSWORD);
    assert.equal(await hasher.verify(PASSWORD, record), true);
    assert.equal(await hasher.verify(`${PASSWORD} `, record), false);
    assert.equal(await hasher.verify('', record), false);
  });

  it('takes at most 32 MiB and a salt of its own each time', async () => {
    const hasher = new PasswordHasher();
    const [a, b] = [await hasher.hash(PASSWORD), await hasher.hash(PASSWORD)];
    assert.ok(128 * a.n * a.r <= 32 * 2 ** 20);
    assert.notEqual(a.salt, b.salt);
    assert.notEqual(a.hash, b.hash);
    assert.ok(!JSON.stringify(a).includes(PASSWORD));
  });

  it('reads what RFC 7914 section 12 computes', async () => {
    // "pleaseletmein" / "SodiumChloride", N=16384 r=8 p=1; our records keep the first 32 bytes.
    const record = {
      algorithm: 'scrypt' as const,
      n: 16384,
      r: 8,
      p: 1,
      salt: Buffer.from('SodiumChloride').toString('base64'),
      hash: Buffer.from(
        '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2',
        'hex',
      ).toString('base64'),
    };
    assert.equal(await new PasswordHasher().verify('pleaseletmein', record), true);
  });

  it('takes the same letters in another Unicode form', async () => {
    const hasher = new PasswordHasher();
    const record = await hasher.hash('pa\u00dfwort caf\u00e9');
    assert.equal(await hasher.verify('pa\u00dfwort cafe\u0301', record), true);
  });

  it('does the same work for nobody and says no', async () => {
    assert.equal(await new PasswordHasher().verify(PASSWORD, undefined), false);
  });

  it('runs one at a time, lets four wait and tells the rest to come back', async () => {
    const hasher = new PasswordHasher();
    const finished: number[] = [];
    const results = await Promise.allSettled(
      Array.from({ length: 7 }, (_, index) =>
        hasher.hash(PASSWORD).then(() => {
          finished.push(index);
        }),
      ),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      [...Array(5).fill('fulfilled'), 'rejected', 'rejected'],
    );
    const refused = results[5];
    assert.ok(refused?.status === 'rejected');
    assert.equal(refused.reason.code, 'busy');
    assert.deepEqual(finished, [0, 1, 2, 3, 4]);
    // The queue is free again.
    await hasher.hash(PASSWORD);
  });
});
