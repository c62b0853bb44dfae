import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VirtualClock } from '../../../../server/target/simulated/virtual-clock.js';

describe('VirtualClock', () => {
  it('runs timers at their own times, in order of time and then of arrival', () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    for (const [name, delayMs] of [
      ['c', 20],
      ['a', 10],
      ['b', 10],
    ] as const) {
      clock.after(delayMs, () => seen.push(`${name}@${clock.nowMs}`));
    }
    assert.equal(clock.nextMs, 10);
    clock.advanceTo(100);
    assert.deepEqual(seen, ['a@10', 'b@10', 'c@20']);
    assert.equal(clock.nowMs, 100);
    assert.equal(clock.nextMs, Number.POSITIVE_INFINITY);
  });

  it('runs timers that timers have set, within one advance', () => {
    const clock = new VirtualClock();
    let ticks = 0;
    clock.scope().every(10, () => ticks++);
    clock.advanceTo(95);
    assert.equal(ticks, 9);
  });

  it('never goes back', () => {
    const clock = new VirtualClock();
    clock.advanceTo(50);
    clock.advanceTo(10);
    assert.equal(clock.nowMs, 50);
  });

  it('cancels single timers, periods from within, and whole scopes', () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const cancel = clock.after(10, () => seen.push('cancelled'));
    cancel();
    const scope = clock.scope();
    scope.after(10, () => seen.push('closed'));
    const stop = clock.scope().every(5, () => {
      seen.push('once');
      stop();
    });
    scope.close();
    scope.after(1, () => seen.push('too late'));
    clock.advanceTo(100);
    assert.deepEqual(seen, ['once']);
  });
});
