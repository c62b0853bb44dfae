import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BoundGadget, GadgetControl } from '../../../server/hid/gadget-control.js';
import { GadgetError, type GadgetFault } from '../../../server/hid/gadget-error.js';
import { GadgetKeeper, WELL_MS } from '../../../server/hid/gadget-keeper.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { silentLogger } from '../../../server/logger.js';
import { VirtualClock } from '../session-input/model/virtual-clock.js';

/** A control that writes down what it is asked, and fails as told. */
class ScriptControl implements GadgetControl {
  readonly did: string[] = [];
  capacity = 4;
  fault: GadgetFault | null = null;
  #functions: BoundGadget['devices'] = new Map();

  async create(functions: readonly string[]): Promise<void> {
    this.did.push(`create ${functions.length}`);
    this.#set(functions);
  }

  async bind(): Promise<BoundGadget> {
    this.did.push('bind');
    if (this.fault !== null) throw new GadgetError(this.fault, `for the test: ${this.fault}.`);
    if (this.#functions.size > this.capacity) throw new GadgetError('does-not-fit', 'too many.');
    return { udc: 'fake.0', devices: this.#functions };
  }

  async unbind(): Promise<void> {
    this.did.push('unbind');
  }

  async setFunctions(functions: readonly string[]): Promise<void> {
    this.did.push(`setFunctions ${functions.length}`);
    this.#set(functions);
  }

  async wake(): Promise<void> {}

  async remove(): Promise<void> {
    this.did.push('remove');
    if (this.fault === 'no-configfs') throw new GadgetError('no-configfs', 'nothing there.');
  }

  #set(functions: readonly string[]): void {
    this.#functions = new Map(
      HID_FUNCTIONS.filter((fn) => functions.includes(fn)).map((fn) => [fn, '1:1']),
    );
  }
}

describe('the keeper of the gadget', () => {
  let control: ScriptControl;
  let clock: VirtualClock;
  let told: string[];
  let said: string[];
  let keeper: GadgetKeeper;

  beforeEach(() => {
    control = new ScriptControl();
    clock = new VirtualClock();
    told = [];
    said = [];
    keeper = new GadgetKeeper({
      control,
      port: {
        attach: (gadget) => void told.push(`attach ${gadget.devices.size}`),
        detach: (absent) => void told.push(absent),
      },
      functions: HID_FUNCTIONS,
      after: (delayMs, callback) => clock.after(delayMs, callback),
      logger: { ...silentLogger, warn: (_, text) => void said.push(text) },
    });
  });

  /** Lets what was begun go on to its end. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('plugs the gadget in and takes it away', async () => {
    await keeper.start();
    assert.deepEqual(told, ['attach 4']);
    await keeper.close();
    await keeper.close();
    assert.deepEqual(told, ['attach 4', 'unbound']);
    assert.deepEqual(control.did, ['create 4', 'bind', 'remove']);
  });

  it('goes without the last functions where they do not fit, and says which', async () => {
    control.capacity = 2;
    await keeper.start();
    assert.deepEqual(told, ['attach 2']);
    assert.deepEqual(
      said.map((text) => /without its (\S+)/.exec(text)?.[1]),
      ['consumer', 'relative-mouse'],
    );
  });

  it('says each reason once and tries on with back-off', async () => {
    control.fault = 'no-udc';
    await keeper.start();
    const tries: number[] = [];
    for (let second = 1; second <= 90; second += 1) {
      const before = control.did.length;
      clock.advance(1000);
      await settle();
      if (control.did.length > before) tries.push(second);
    }
    assert.deepEqual(tries, [1, 3, 7, 15, 31, 61]);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /no USB keyboard and mouse: for the test: no-udc/);
    assert.deepEqual(new Set(told), new Set(['unbound']));
    control.fault = 'udc-busy';
    clock.advance(30_000);
    await settle();
    assert.equal(said.length, 2);
    assert.equal(told.at(-1), 'busy');
    control.fault = null;
    clock.advance(30_000);
    await settle();
    assert.equal(told.at(-1), 'attach 4');
  });

  it('plugs it in again when it was lost, once', async () => {
    await keeper.start();
    keeper.lost();
    keeper.lost();
    assert.deepEqual(told, ['attach 4', 'unbound']);
    clock.advance(1000);
    await settle();
    assert.deepEqual(told, ['attach 4', 'unbound', 'attach 4']);
    clock.advance(60_000);
    await settle();
    assert.equal(told.length, 3);
  });

  it('tries less and less while the gadget comes and goes, and as at first once it has stayed', async () => {
    await keeper.start();
    for (const delayMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      clock.advance(WELL_MS - 1);
      keeper.lost();
      const before = control.did.length;
      clock.advance(delayMs - 1);
      await settle();
      assert.equal(control.did.length, before, `${delayMs} ms`);
      clock.advance(1);
      await settle();
      assert.equal(told.at(-1), 'attach 4', `${delayMs} ms`);
    }
    clock.advance(WELL_MS);
    keeper.lost();
    clock.advance(1000);
    await settle();
    assert.equal(told.at(-1), 'attach 4');
  });

  it('ends in order when whoever made the gadget is gone, and says what stays', async () => {
    await keeper.start();
    control.remove = () => Promise.reject(new GadgetError('failed', 'nobody there.'));
    await keeper.close();
    assert.deepEqual(said, ['the USB gadget stays behind: nobody there.']);
    assert.deepEqual(told, ['attach 4', 'unbound']);
  });

  it('does not hide a fault of its own when it ends', async () => {
    await keeper.start();
    control.remove = () => Promise.reject(new TypeError('a fault'));
    await assert.rejects(keeper.close(), TypeError);
  });

  it('replugs: the devices are closed first, then the host sees it leave and come', async () => {
    await keeper.start();
    control.did.length = 0;
    await keeper.replug();
    assert.deepEqual(told, ['attach 4', 'unbound', 'attach 4']);
    assert.deepEqual(control.did, ['unbind', 'create 4', 'bind']);
  });

  it('changes the functions, one act after the other', async () => {
    const acts = [keeper.start(), keeper.setFunctions(['keyboard']), keeper.replug()];
    await Promise.all(acts);
    assert.deepEqual(told, ['attach 4', 'unbound', 'attach 1', 'unbound', 'attach 1']);
  });

  it('does nothing more once it closes', async () => {
    control.fault = 'no-configfs';
    await keeper.start();
    await keeper.close();
    const did = control.did.length;
    keeper.lost();
    clock.advance(60_000);
    await keeper.replug();
    await settle();
    assert.equal(control.did.length, did);
  });
});
