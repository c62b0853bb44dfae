import type { UsbReply } from '../protocol/api.js';
import type { UsbFunction } from '../protocol/usb-functions.js';

/** What the USB routes need from the target's gadget. */
export interface UsbCommands {
  /** How it is now. */
  readonly reply: UsbReply;
  /** Unplugs the gadget and plugs it in again. What goes wrong is the reply's problem. */
  replug(): Promise<UsbReply>;
  /** Other functions until the next start, in this order of interfaces. */
  setFunctions(functions: readonly UsbFunction[]): Promise<UsbReply>;
  /** Wakes a sleeping computer. Rejects with KvmError wake-failed that says why it sleeps on. */
  wake(): Promise<UsbReply>;
}
