import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Claim } from '../../../server/auth/claim.js';

const MINUTE_MS = 60_000;

function fixture() {
  const clock = { nowMs: 0 };
  const codes: string[] = [];
  const claim = new Claim(
    (code) => codes.push(code),
    () => clock.nowMs,
  );
  return { clock, codes, claim };
}

describe('claim code', () => {
  it('has at least 40 bits without letters that look like digits', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 200; i += 1) {
      const { codes, claim } = fixture();
      claim.offer();
      assert.match(codes[0] ?? '', /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
      seen.add(codes[0] ?? '');
    }
    assert.equal(seen.size, 200);
    assert.ok(10 * Math.log2(32) >= 40);
  });

  it('is announced once while it is valid', () => {
    const { clock, codes, claim } = fixture();
    claim.offer();
    clock.nowMs += 14 * MINUTE_MS;
    claim.offer();
    assert.equal(codes.length, 1);
  });

  it('is taken as people type it', () => {
    const { codes, claim } = fixture();
    claim.offer();
    const code = codes[0] ?? '';
    claim.check(code);
    claim.check(code.toLowerCase());
    claim.check(` ${code.replace('-', ' ')} `);
    claim.check(code.replaceAll('0', 'o').replaceAll('1', 'l'));
  });

  it('changes with the fifth wrong try, not before', () => {
    const { codes, claim } = fixture();
    claim.offer();
    for (let i = 0; i < 4; i += 1) {
      assert.throws(() => claim.check('00000-00000'), { code: 'wrong-code' });
    }
    claim.check(codes[0] ?? '');
    assert.throws(() => claim.check('00000-00000'), { code: 'wrong-code' });
    assert.equal(codes.length, 2);
    assert.throws(() => claim.check(codes[0] ?? ''), { code: 'wrong-code' });
    claim.check(codes[1] ?? '');
  });

  it('ends after 15 minutes; the next need makes a new one', () => {
    const { clock, codes, claim } = fixture();
    claim.offer();
    clock.nowMs += 15 * MINUTE_MS;
    assert.equal(codes.length, 1);
    assert.throws(() => claim.check(codes[0] ?? ''), { code: 'wrong-code' });
    assert.equal(codes.length, 2);
    claim.check(codes[1] ?? '');
  });

  it('takes nothing before a code was made', () => {
    const { claim } = fixture();
    assert.throws(() => claim.check(''), { code: 'wrong-code' });
  });
});
