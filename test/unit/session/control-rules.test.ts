import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { silentLogger } from '../../../server/logger.js';
import type { Role } from '../../../server/protocol/role.js';
import { ControlDesk, type ControlRules, type Seat } from '../../../server/session/control-desk.js';
import { type ControlRecord, ControlSettings } from '../../../server/session/control-settings.js';
import { DeskClock } from '../../fakes/desk-clock.js';

const SHARED = { shared: true, idleHandOverMs: null };
const ONE = { shared: false, idleHandOverMs: 60_000 };

class FakeSeat implements Seat {
  readonly name: string;
  readonly role: Role;
  interactive = true;
  inControl = false;
  /** How often it was given or lost control. */
  changes = 0;

  constructor(name: string, role: Role) {
    this.name = name;
    this.role = role;
  }

  setControl(inControl: boolean): void {
    if (this.inControl !== inControl) this.changes += 1;
    this.inControl = inControl;
  }

  controlRefused(): void {}
}

describe('rules that change while viewers are there', () => {
  let clock: DeskClock;
  let told: number;
  let desk: ControlDesk<FakeSeat>;
  let ada: FakeSeat;
  let lin: FakeSeat;
  let grete: FakeSeat;

  function come(name: string, role: Role): FakeSeat {
    const seat = new FakeSeat(name, role);
    desk.update(seat);
    return seat;
  }

  function open(rules: ControlRules): void {
    clock = new DeskClock();
    told = 0;
    desk = new ControlDesk(rules, clock, () => {
      told += 1;
    });
    ada = come('ada', 'owner');
    lin = come('lin', 'operator');
    grete = come('grete', 'watcher');
  }

  const inControl = () =>
    [ada, lin, grete].filter((seat) => seat.inControl).map(({ name }) => name);

  beforeEach(() => open(ONE));

  test('control is shared: all but watchers have it, and nobody asks any more', () => {
    desk.request(lin);
    const before = told;
    desk.changeRules(SHARED, ada);
    assert.deepEqual(inControl(), ['ada', 'lin']);
    assert.equal(ada.changes, 1, 'who had it did not lose it');
    assert.equal(desk.isAsking(lin), false);
    assert.equal(desk.holder, null);
    assert.equal(clock.waiting, 0);
    assert.ok(told > before);
  });

  test('it is shared no longer: who changed that keeps it, as it was', () => {
    open(SHARED);
    desk.changeRules(ONE, lin);
    assert.deepEqual(inControl(), ['lin']);
    assert.equal(lin.changes, 1);
    assert.equal(desk.holder, lin);
    desk.release(lin);
    assert.deepEqual(inControl(), [], 'nobody has lent it');
  });

  test('it goes to the first that is there, where the other cannot have it', () => {
    open(SHARED);
    ada.interactive = false;
    desk.update(ada);
    for (const keeper of [ada, grete, null]) {
      desk.changeRules(SHARED, null);
      desk.changeRules(ONE, keeper);
      assert.deepEqual(inControl(), ['lin'], keeper?.name);
    }
  });

  test('it waits for one that is away, where nobody is there', () => {
    open(SHARED);
    for (const seat of [ada, lin]) {
      seat.interactive = false;
      desk.update(seat);
    }
    desk.changeRules(ONE, null);
    assert.deepEqual(inControl(), ['ada']);
    lin.interactive = true;
    desk.update(lin);
    desk.take(lin);
    assert.deepEqual(inControl(), ['lin']);
  });

  test('an idle time that changes counts for a request that waits already', () => {
    desk.changeRules({ shared: false, idleHandOverMs: null }, ada);
    desk.request(lin);
    clock.advance(600_000);
    assert.deepEqual(inControl(), ['ada']);
    desk.changeRules(ONE, ada);
    clock.advance(1);
    assert.deepEqual(inControl(), ['lin']);
  });
});

describe('control settings', () => {
  const OPTIONS = { shared: false, idleSeconds: 60 };
  let kept: ControlRecord | undefined;
  let applied: unknown[];
  let diskFails: boolean;

  const open = (options = OPTIONS) =>
    ControlSettings.open({
      options,
      memory: {
        load: async () => kept,
        save: async (record) => {
          if (diskFails) throw new Error('no space');
          kept = record;
        },
      },
      apply: (...args) => applied.push(args),
      logger: silentLogger,
    });

  beforeEach(() => {
    kept = undefined;
    applied = [];
    diskFails = false;
  });

  test('come from the options, then from the page, over a restart', async () => {
    const settings = await open();
    assert.deepEqual(settings.rules, { shared: false, idleHandOverMs: 60_000 });
    await settings.change({ shared: true, idleSeconds: 0 }, 'login 1');
    assert.deepEqual(applied, [[{ shared: true, idleHandOverMs: null }, 'login 1']]);
    assert.deepEqual((await open()).reply, { shared: true, idleSeconds: 0 });
  });

  test('come from the options again when those are others', async () => {
    await (await open()).change({ shared: true, idleSeconds: 5 }, 'login 1');
    const options = { shared: false, idleSeconds: 90 };
    assert.deepEqual((await open(options)).reply, options);
  });

  test('stay as they are when they cannot be kept', async () => {
    const settings = await open();
    diskFails = true;
    await assert.rejects(settings.change({ shared: true, idleSeconds: 5 }, 'login 1'), /no space/);
    assert.deepEqual([settings.reply, applied], [OPTIONS, []]);
  });
});
