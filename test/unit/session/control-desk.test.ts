import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { ErrorCode } from '../../../server/protocol/error-codes.js';
import type { Role } from '../../../server/protocol/role.js';
import { ANSWER_MS, ControlDesk, type Seat } from '../../../server/session/control-desk.js';
import { DeskClock } from '../../fakes/desk-clock.js';

const IDLE_MS = 60_000;

class FakeSeat implements Seat {
  readonly name: string;
  readonly role: Role;
  interactive = true;
  inControl = false;
  refusals: ErrorCode[] = [];

  constructor(name: string, role: Role) {
    this.name = name;
    this.role = role;
  }

  setControl(inControl: boolean): void {
    this.inControl = inControl;
  }

  controlRefused(reason: ErrorCode): void {
    this.refusals.push(reason);
  }
}

let clock: DeskClock;
let desk: ControlDesk<FakeSeat>;

function makeDesk(rules: Partial<{ shared: boolean; idleHandOverMs: number | null }> = {}): void {
  clock = new DeskClock();
  desk = new ControlDesk({ shared: false, idleHandOverMs: IDLE_MS, ...rules }, clock, () => {});
}

function come(name: string, role: Role = 'operator'): FakeSeat {
  const seat = new FakeSeat(name, role);
  desk.update(seat);
  return seat;
}

beforeEach(() => makeDesk());

describe('taking and asking', () => {
  test('the first that may have control gets it; a watcher and a player never do', () => {
    const watcher = come('wat', 'watcher');
    assert.equal(watcher.inControl, false);
    const player = new FakeSeat('play', 'owner');
    player.interactive = false;
    desk.update(player);
    assert.equal(desk.holder, null);
    const ada = come('ada');
    assert.equal(desk.holder, ada);
    desk.take(watcher);
    desk.request(watcher);
    assert.deepEqual(watcher.refusals, ['not-allowed', 'not-allowed']);
  });

  test('an operator does not take from another user, but asks', () => {
    const ada = come('ada');
    const lin = come('lin');
    desk.take(lin);
    assert.deepEqual([ada.inControl, lin.refusals], [true, ['control-held']]);
    desk.request(lin);
    assert.deepEqual([ada.inControl, desk.isAsking(lin)], [true, true]);
    desk.withdraw(lin);
    assert.equal(desk.isAsking(lin), false);
  });

  test('an owner takes from anybody; the same user takes in another window', () => {
    const lin = come('lin');
    const ada = come('ada', 'owner');
    desk.take(ada);
    assert.deepEqual([lin.inControl, ada.inControl], [false, true]);
    makeDesk();
    const first = come('lin');
    const second = come('lin');
    desk.take(second);
    assert.deepEqual([first.inControl, second.inControl], [false, true]);
  });

  test('nobody is locked out by one that is away', () => {
    const ada = come('ada', 'owner');
    const lin = come('lin');
    ada.interactive = false;
    desk.update(ada);
    assert.equal(ada.inControl, true);
    desk.take(lin);
    assert.deepEqual([ada.inControl, lin.inControl], [false, true]);
  });

  test('a viewer that was there before does not get control by reconnecting', () => {
    const ada = come('ada');
    const lin = come('lin');
    ada.interactive = false;
    desk.update(ada);
    desk.update(lin);
    assert.equal(desk.holder, ada);
  });
});

describe('answering', () => {
  test('the one in control hands over, to who asks or to who does not', () => {
    const ada = come('ada', 'owner');
    const lin = come('lin');
    const bob = come('bob');
    desk.request(lin);
    desk.grant(ada, lin);
    assert.deepEqual([lin.inControl, desk.isAsking(lin)], [true, false]);
    desk.grant(ada, bob);
    assert.equal(desk.holder, lin, 'only who has control gives it');
    desk.grant(lin, bob);
    assert.equal(desk.holder, bob);
  });

  test('nothing is handed to who cannot have it', () => {
    const ada = come('ada');
    const watcher = come('wat', 'watcher');
    const away = come('lin');
    away.interactive = false;
    desk.update(away);
    for (const seat of [watcher, away, new FakeSeat('stranger', 'owner')]) desk.grant(ada, seat);
    assert.equal(desk.holder, ada);
  });

  test('a refusal is told, by the one in control or an owner', () => {
    const lin = come('lin');
    const ada = come('ada', 'owner');
    const bob = come('bob');
    const eve = come('eve');
    desk.request(bob);
    desk.refuse(eve, bob);
    assert.equal(desk.isAsking(bob), true);
    desk.refuse(lin, bob);
    assert.deepEqual(bob.refusals, ['control-refused']);
    desk.request(bob);
    desk.refuse(ada, bob);
    assert.equal(bob.refusals.length, 2);
    assert.equal(desk.isAsking(bob), false);
  });
});

describe('giving up', () => {
  test('control goes back to who had it, whether taken or handed over', () => {
    const lin = come('lin');
    const ada = come('ada', 'owner');
    const bob = come('bob');
    desk.take(ada);
    desk.grant(ada, bob);
    desk.release(bob);
    assert.equal(desk.holder, ada);
    desk.release(ada);
    assert.equal(desk.holder, lin);
    desk.release(lin);
    assert.equal(desk.holder, null);
  });

  test('without a lender the first that asks gets it', () => {
    const ada = come('ada');
    const lin = come('lin');
    const bob = come('bob');
    desk.request(bob);
    desk.request(lin);
    desk.leave(ada);
    assert.equal(desk.holder, bob);
    assert.equal(desk.isAsking(lin), true);
  });

  test('who left for good neither gets control back nor asks for it', () => {
    const ada = come('ada');
    const lin = come('lin');
    const bob = come('bob');
    desk.grant(ada, lin);
    desk.request(bob);
    desk.leave(ada);
    desk.leave(bob);
    desk.release(lin);
    assert.equal(desk.holder, null);
  });

  test('a lender that comes back to nobody in control has it again', () => {
    const ada = come('ada');
    const lin = come('lin');
    desk.grant(ada, lin);
    ada.interactive = false;
    desk.update(ada);
    desk.release(lin);
    assert.equal(desk.holder, null);
    ada.interactive = true;
    desk.update(ada);
    assert.equal(desk.holder, ada);
  });
});

describe('idle hand-over', () => {
  test('who asks gets control when the holder has sent nothing for the time', () => {
    const ada = come('ada', 'owner');
    const lin = come('lin');
    desk.request(lin);
    clock.advance(IDLE_MS - 1);
    assert.equal(desk.holder, ada);
    desk.touch(ada);
    clock.advance(IDLE_MS - 1);
    assert.equal(desk.holder, ada);
    clock.advance(1);
    assert.equal(desk.holder, lin);
    assert.equal(clock.waiting, 0);
  });

  test('a holder that was idle for long still has time to answer', () => {
    const ada = come('ada');
    const lin = come('lin');
    clock.advance(10 * IDLE_MS);
    desk.request(lin);
    clock.advance(ANSWER_MS - 1);
    assert.equal(desk.holder, ada);
    clock.advance(1);
    assert.equal(desk.holder, lin);
  });

  test('a holder that is away cannot answer; without idle hand-over it is then given all the same', () => {
    makeDesk({ idleHandOverMs: null });
    const ada = come('ada');
    const lin = come('lin');
    desk.request(lin);
    clock.advance(100 * IDLE_MS);
    assert.equal(desk.holder, ada);
    ada.interactive = false;
    desk.update(ada);
    clock.advance(0);
    assert.equal(desk.holder, lin);
  });

  test('nobody asks, nobody loses it', () => {
    const ada = come('ada');
    come('lin');
    clock.advance(100 * IDLE_MS);
    assert.equal(desk.holder, ada);
    assert.equal(clock.waiting, 0);
  });

  test('who asked and went away asks no more', () => {
    const ada = come('ada');
    const lin = come('lin');
    desk.request(lin);
    lin.interactive = false;
    desk.update(lin);
    clock.advance(10 * IDLE_MS);
    assert.equal(desk.holder, ada);
  });
});

describe('shared control', () => {
  test('all that may have control have it; nothing moves it', () => {
    makeDesk({ shared: true });
    const ada = come('ada', 'owner');
    const lin = come('lin');
    const watcher = come('wat', 'watcher');
    desk.take(lin);
    desk.release(ada);
    desk.grant(ada, watcher);
    assert.deepEqual(
      [ada, lin, watcher].map(({ inControl }) => inControl),
      [true, true, false],
    );
    desk.leave(lin);
    assert.equal(lin.inControl, false);
  });
});
