import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  addressKey,
  THROTTLE_LIMITS,
  Throttle,
  ThrottledError,
} from '../../../server/auth/throttle.js';

function fixture(limits = THROTTLE_LIMITS) {
  const clock = { nowMs: 0 };
  return { clock, throttle: new Throttle(() => clock.nowMs, limits) };
}

function waitOf(throttle: Throttle, ...keys: string[]): number {
  try {
    throttle.begin(...keys);
    return 0;
  } catch (error) {
    assert.ok(error instanceof ThrottledError);
    assert.equal(error.code, 'throttled');
    return error.retryAfterMs;
  }
}

describe('throttle', () => {
  it('lets five fail, then doubles the wait from a second to five minutes', () => {
    const { clock, throttle } = fixture();
    for (let i = 0; i < 5; i += 1) assert.equal(waitOf(throttle, 'a'), 0);
    const waits: number[] = [];
    for (let i = 0; i < 11; i += 1) {
      const wait = waitOf(throttle, 'a');
      waits.push(wait / 1000);
      clock.nowMs += wait - 1;
      assert.equal(waitOf(throttle, 'a'), 1, 'a refused try does not make the wait longer');
      clock.nowMs += 1;
      assert.equal(waitOf(throttle, 'a'), 0);
    }
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it('counts tries that run at the same time', () => {
    const { throttle } = fixture();
    for (let i = 0; i < 5; i += 1) throttle.begin('a');
    assert.ok(waitOf(throttle, 'a') > 0);
  });

  it('counts each key for itself and takes the longest wait', () => {
    const { throttle } = fixture();
    for (let i = 0; i < 5; i += 1) throttle.begin(`address ${i}`, 'user ada');
    assert.ok(waitOf(throttle, 'address 9', 'user ada') > 0);
    assert.equal(waitOf(throttle, 'address 9', 'user bob'), 0);
  });

  it('starts anew after a success', () => {
    const { throttle } = fixture();
    for (let i = 0; i < 4; i += 1) throttle.begin('a');
    throttle.begin('a');
    throttle.succeed('a');
    assert.equal(waitOf(throttle, 'a'), 0);
  });

  it('does not count a try that was not judged', () => {
    const { throttle } = fixture();
    for (let i = 0; i < 20; i += 1) {
      assert.equal(waitOf(throttle, 'a'), 0);
      throttle.cancel('a');
    }
    for (let i = 0; i < 5; i += 1) assert.equal(waitOf(throttle, 'a'), 0);
    assert.equal(waitOf(throttle, 'a'), 1000);
  });

  it('forgets after a quiet hour', () => {
    const { clock, throttle } = fixture();
    for (let i = 0; i < 5; i += 1) throttle.begin('a');
    clock.nowMs += THROTTLE_LIMITS.forgetAfterMs + 1;
    for (let i = 0; i < 5; i += 1) assert.equal(waitOf(throttle, 'a'), 0);
    assert.equal(waitOf(throttle, 'a'), 1000);
  });

  it('keeps a bounded number of keys, those that failed last', () => {
    const { throttle } = fixture({ ...THROTTLE_LIMITS, freeFailures: 1, maxKeys: 3 });
    for (const key of ['a', 'b', 'c', 'd']) throttle.begin(key);
    assert.equal(waitOf(throttle, 'a'), 0, 'forgotten');
    assert.ok(waitOf(throttle, 'd') > 0, 'remembered');
  });

  it('takes a whole IPv6 network of 64 bits as one client', () => {
    assert.equal(addressKey('192.168.1.5'), '192.168.1.5');
    assert.equal(addressKey('::ffff:192.168.1.5'), '192.168.1.5');
    assert.equal(addressKey('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
    assert.equal(addressKey('2001:db8:1:2::1'), '2001:db8:1:2::/64');
    assert.equal(addressKey('2001:db8::1'), '2001:db8:0:0::/64');
    assert.equal(addressKey('fe80::1%eth0'), 'fe80:0:0:0::/64');
    assert.equal(addressKey('::1'), '0:0:0:0::/64');
  });
});
