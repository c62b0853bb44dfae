import { KvmError } from '../errors.js';
import type { UsbReply } from '../protocol/api.js';
import type { GadgetHidPort } from './gadget-hid-port.js';
import type { GadgetKeeper } from './gadget-keeper.js';
import type { HidFunction } from './hid-port.js';

export interface UsbControlOptions {
  port: Pick<GadgetHidPort, 'state' | 'functions' | 'udc' | 'wake'>;
  keeper: Pick<GadgetKeeper, 'wanted' | 'problem' | 'replug' | 'setFunctions'>;
  /** Name of the driver of a USB device controller; empty when unknown. */
  driverOf(udc: string): string;
}

/** Drivers without usb_gadget_ops.wakeup in Linux 6.1. */
const CANNOT_WAKE = ['dwc2'];

/** What a person does to the USB gadget: pulls the cable, changes what the device is, wakes the computer. */
export class UsbControl {
  readonly #options: UsbControlOptions;

  constructor(options: UsbControlOptions) {
    this.#options = options;
  }

  /** How it is now. */
  get reply(): UsbReply {
    const { port, keeper } = this.#options;
    const present = port.state !== 'unbound' && port.state !== 'busy';
    return {
      state: port.state,
      functions: present ? [...port.functions] : [],
      wanted: [...keeper.wanted],
      problem: present ? null : keeper.problem,
    };
  }

  /** Unplugs the gadget and plugs it in again; what fails is the reply's problem. */
  async replug(): Promise<UsbReply> {
    await this.#options.keeper.replug();
    return this.reply;
  }

  /** Other functions until the process ends, in the order of interfaces; also the gadget is plugged in anew. */
  async setFunctions(functions: readonly HidFunction[]): Promise<UsbReply> {
    await this.#options.keeper.setFunctions(functions);
    return this.reply;
  }

  /** Wakes a sleeping computer; nothing happens to one that is awake. Rejects with KvmError wake-failed. */
  async wake(): Promise<UsbReply> {
    const { port, driverOf } = this.#options;
    const { state, udc } = port;
    if (await port.wake()) return this.reply;
    if (state !== 'suspended') {
      throw new KvmError('wake-failed', 'No computer is connected by USB that could be woken up.');
    }
    const driver = udc === null ? '' : driverOf(udc);
    throw new KvmError(
      'wake-failed',
      CANNOT_WAKE.includes(driver)
        ? `The computer sleeps on: ${driver}, Linux's driver of the USB controller here, cannot wake a computer. Use its power button or its network.`
        : `The computer sleeps on: it has not allowed this USB device to wake it up, or ${driver || 'the driver of the USB controller'} here cannot do it.`,
    );
  }
}
