import { writeFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { ConfigfsGadget } from '../../../server/hid/configfs-gadget.js';
import { GadgetHidPort } from '../../../server/hid/gadget-hid-port.js';
import { GadgetKeeper } from '../../../server/hid/gadget-keeper.js';
import { HidController } from '../../../server/hid/hid-controller.js';
import type { HidFunction } from '../../../server/hid/hid-port.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { type StallTimer, stallTimer } from '../../../server/hid/stall-timer.js';
import { silentLogger } from '../../../server/logger.js';
import type { HidState } from '../../../server/protocol/control-messages.js';
import type { InputSource } from '../../../server/session/input-sink.js';
import { until } from '../../e2e/until.js';
import type { VirtualClock } from '../../unit/session-input/model/virtual-clock.js';
import { HostInput, hostDevice } from './host-input.js';

/** What the host calls our device. */
export const PRODUCT = 'MyKVM under test';
/** How far a virtual clock goes each time that a rig looks at its state. */
const STEP_MS = 20;

export interface GadgetRigOptions {
  /** In place of real time; goes on while the rig waits for a state. */
  clock?: VirtualClock;
  /** The host stays asleep, whatever is pressed. */
  cannotWake?: boolean;
}

/** The gadget of this suite, not made yet. */
export function makeGadget(): ConfigfsGadget {
  const identity = {
    vendorId: 0x1d6b,
    productId: 0x0104,
    manufacturer: 'MyKVM',
    product: PRODUCT,
    serial: 'TEST',
    maxPowerMilliamperes: 250,
  };
  return new ConfigfsGadget({ identity, udc: null, logger: silentLogger });
}

/** Our whole input side on the kernel's gadget, plugged into the host of the same machine. */
export class GadgetRig {
  readonly source: InputSource = { id: 'test' };
  readonly port: GadgetHidPort;
  readonly keeper: GadgetKeeper;
  readonly controller: HidController;
  readonly #clock: VirtualClock | undefined;

  constructor({ clock, cannotWake = false }: GadgetRigOptions = {}) {
    this.#clock = clock;
    const after: StallTimer = clock
      ? (delayMs, callback) => clock.after(delayMs, callback)
      : stallTimer;
    const logger = silentLogger;
    const control = makeGadget();
    this.port = new GadgetHidPort({
      logger,
      after,
      wake: async () => {
        if (!cannotWake) await control.wake();
      },
      lost: () => this.keeper.lost(),
    });
    this.keeper = new GadgetKeeper({
      control,
      port: this.port,
      functions: HID_FUNCTIONS,
      after,
      logger,
    });
    this.controller = new HidController(this.port, { after });
  }

  async plugIn(): Promise<void> {
    this.controller.start();
    await this.keeper.start();
    await this.untilState('configured');
  }

  async untilState(state: HidState): Promise<void> {
    await until(
      `the state ${state}`,
      () => {
        this.#clock?.advance(STEP_MS);
        return this.port.state === state;
      },
      () => `It is ${this.port.state}.`,
    );
  }

  press(...usages: number[]): void {
    for (const usage of usages) this.controller.key(this.source, usage, true);
  }

  release(...usages: number[]): void {
    for (const usage of usages) this.controller.key(this.source, usage, false);
  }

  tap(usage: number): void {
    this.press(usage);
    this.release(usage);
  }

  async close(): Promise<void> {
    this.controller.close();
    await this.keeper.close();
    this.port.close();
  }
}

/** A rig that is plugged in, and the host's side of one of its functions. All of it ends with the test. */
export async function plugIn(
  t: TestContext,
  fn: HidFunction,
  nameEnd = '',
): Promise<{ rig: GadgetRig; host: HostInput }> {
  const rig = new GadgetRig();
  t.after(() => rig.close());
  await rig.plugIn();
  return { rig, host: await hostInput(t, fn, nameEnd) };
}

/** Whether the host may put our device to sleep ('auto', at once when it is idle) or not ('on'). A lit lamp keeps Linux from it. */
export function allowSleep(control: 'auto' | 'on'): void {
  const power = `${hostDevice(PRODUCT)}/power`;
  writeFileSync(`${power}/autosuspend_delay_ms`, '100');
  writeFileSync(`${power}/control`, control);
}

/** A host that sleeps falls asleep again only long after it was woken. */
export function stayAwakeOnceWoken(): void {
  writeFileSync(`${hostDevice(PRODUCT)}/power/autosuspend_delay_ms`, '60000');
}

/** The host's side of a function, closed when the test ends. */
export async function hostInput(t: TestContext, fn: HidFunction, nameEnd = ''): Promise<HostInput> {
  const host = await HostInput.open(PRODUCT, fn, nameEnd);
  t.after(() => host.close());
  return host;
}
