import type { UsbReply } from '../../../server/protocol/api.js';
import type { HidState } from '../../../server/protocol/control-messages.js';
import type { UsbFunction } from '../../../server/protocol/usb-functions.js';

/** The functions of the USB device as people say them. */
export const FUNCTION_WORDS: Readonly<Record<UsbFunction, string>> = {
  keyboard: 'Keyboard',
  'absolute-mouse': 'Mouse, absolute',
  'relative-mouse': 'Mouse, relative',
  consumer: 'Media and power keys',
};

/** What there is to know of the USB cable, with the reason where the appliance has given one. */
export function usbSentence(state: HidState, usb: UsbReply | null): string {
  switch (state) {
    case 'unbound':
      return usb?.problem ?? 'The appliance is no USB device right now.';
    case 'busy':
      return usb?.problem ?? 'Another program has the USB controller of the appliance.';
    case 'detached':
      return 'No computer at the USB cable, or it is off.';
    case 'suspended':
      return 'The computer has put its USB to sleep.';
    case 'configured':
      return missing(usb);
  }
}

function missing(usb: UsbReply | null): string {
  const without = usb?.wanted.filter((name) => !usb.functions.includes(name)) ?? [];
  if (without.length === 0) return 'The computer uses this device.';
  const words = without.map((name) => FUNCTION_WORDS[name].toLowerCase()).join(', ');
  return `The computer uses this device. The USB controller here has no room for: ${words}.`;
}
