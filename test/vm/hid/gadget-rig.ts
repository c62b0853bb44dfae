import type { TestContext } from 'node:test';
import { ConfigfsGadget } from '../../../server/hid/configfs-gadget.js';
import { GadgetHidPort } from '../../../server/hid/gadget-hid-port.js';
import { GadgetKeeper } from '../../../server/hid/gadget-keeper.js';
import { HidController } from '../../../server/hid/hid-controller.js';
import type { HidFunction } from '../../../server/hid/hid-port.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { stallTimer } from '../../../server/hid/stall-timer.js';
import { silentLogger } from '../../../server/logger.js';
import type { HidState } from '../../../server/protocol/control-messages.js';
import type { InputSource } from '../../../server/session/input-sink.js';
import { until } from '../../e2e/until.js';
import { HostInput } from './host-input.js';

/** What the host calls our device. */
export const PRODUCT = 'MyKVM under test';

/** Our whole input side on the kernel's gadget, plugged into the host of the same machine. */
export class GadgetRig {
  readonly source: InputSource = { id: 'test' };
  readonly port: GadgetHidPort;
  readonly keeper: GadgetKeeper;
  readonly controller: HidController;

  constructor() {
    const logger = silentLogger;
    const identity = {
      vendorId: 0x1d6b,
      productId: 0x0104,
      manufacturer: 'MyKVM',
      product: PRODUCT,
      serial: 'TEST',
      maxPowerMilliamperes: 250,
    };
    const control = new ConfigfsGadget({ identity, udc: null, logger });
    this.port = new GadgetHidPort({
      logger,
      wake: () => control.wake(),
      lost: () => this.keeper.lost(),
    });
    this.keeper = new GadgetKeeper({
      control,
      port: this.port,
      functions: HID_FUNCTIONS,
      after: stallTimer,
      logger,
    });
    this.controller = new HidController(this.port);
  }

  async plugIn(): Promise<void> {
    this.controller.start();
    await this.keeper.start();
    await this.untilState('configured');
  }

  async untilState(state: HidState): Promise<void> {
    await until(
      `the state ${state}`,
      () => this.port.state === state,
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

/** The host's side of a function, closed when the test ends. */
export async function hostInput(t: TestContext, fn: HidFunction, nameEnd = ''): Promise<HostInput> {
  const host = await HostInput.open(PRODUCT, fn, nameEnd);
  t.after(() => host.close());
  return host;
}
