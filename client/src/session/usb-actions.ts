import { api } from './api-client.js';
import { askInto } from './ask-into.js';
import type { ConsoleState, UsbAct } from './console-state.js';
import type { EventLog } from './event-log.js';
import type { Store } from './store.js';

/** The USB device that the target sees: asked for and acted on over HTTP, kept in the page's one state. */
export class UsbActions {
  readonly #store: Store<ConsoleState>;
  readonly #log: EventLog;

  constructor(store: Store<ConsoleState>, log: EventLog) {
    this.#store = store;
    this.#log = log;
  }

  load(): Promise<void> {
    return askInto(this.#store, 'usb', api.usb());
  }

  async act(act: UsbAct): Promise<void> {
    if (this.#store.value.usbBusy) return;
    await askInto(this.#store, 'usb', api.actOnUsb(act));
    const { usb, usbError } = this.#store.value;
    if (usbError !== null) this.#log.add(usbError, 'error');
    else if (act === 'wake') this.#log.add('The target is awake', 'info');
    else if (usb?.problem) this.#log.add(usb.problem, 'error');
    else this.#log.add('USB was unplugged and plugged in again', 'info');
  }
}
