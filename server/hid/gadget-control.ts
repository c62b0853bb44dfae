import type { HidFunction } from './hid-port.js';

/** A gadget that is bound to a USB device controller. */
export interface BoundGadget {
  /** Name below /sys/class/udc. */
  readonly udc: string;
  /** Device number of each function's character device, as configfs says it: major:minor. */
  readonly devices: ReadonlyMap<HidFunction, string>;
}

/**
 * The acts on the USB gadget that need root. Every call rejects with GadgetError, its message one sentence for the
 * person at the console. One call at a time.
 */
export interface GadgetControl {
  /** Makes the gadget, unbound, with these functions in the order of interfaces. One that a crash left is replaced. */
  create(functions: readonly HidFunction[]): Promise<void>;
  /** Plugs the gadget in: the host sees it from now on. `does-not-fit`: the controller has too few endpoints. */
  bind(): Promise<BoundGadget>;
  /** Unplugs the gadget. Nothing happens when it is not bound. */
  unbind(): Promise<void>;
  /** Other functions. The gadget is unplugged after it; the device nodes must be closed before. */
  setFunctions(functions: readonly HidFunction[]): Promise<void>;
  /** Asks a suspended host to wake up. Nothing says whether the controller did so. */
  wake(): Promise<void>;
  /** Unplugs the gadget and takes it away. Nothing happens when there is none. */
  remove(): Promise<void>;
}
