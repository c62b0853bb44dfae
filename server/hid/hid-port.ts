import type { HidState } from '../protocol/control-messages.js';
import type { UsbFunction } from '../protocol/usb-functions.js';

/** The functions of the gadget, in the order of their interfaces. */
export type HidFunction = UsbFunction;

/** What became of a report: taken, not now (the host has not drained the last ones), or no host there. */
export type WriteResult = 'written' | 'again' | 'gone';

/**
 * The USB side: takes the very bytes that go to /dev/hidgN and gives back what the host sends. Writes never
 * block. After 'again' or 'gone' the port calls `writable` when it is worth trying again.
 */
export interface HidPort {
  readonly state: HidState;
  /** The functions that the gadget has; absent means all. Nothing is written to one that it lacks. */
  readonly functions?: readonly HidFunction[];
  write(fn: HidFunction, report: Uint8Array): WriteResult;
  /**
   * Asks a suspended host to wake up (USB 2.0 section 7.1.7.7). A port without it takes reports while suspended: then
   * the report of a press is written, and wakes the host if anything does.
   */
  wake?(): void;
  /** Registers the one listener; called by the report writer's owner. */
  listen(listener: HidPortListener): void;
}

export interface HidPortListener {
  writable(fn: HidFunction): void;
  /** The keyboard's LED output report: bit 0 Num, 1 Caps, 2 Scroll (HID 1.11 appendix B.1). */
  ledReport(bits: number): void;
  /** Also called when a host configured the gadget anew while the state still read 'configured'. */
  stateChanged(state: HidState): void;
}
