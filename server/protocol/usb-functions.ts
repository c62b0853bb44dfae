/** What the USB device can be, in the order of interfaces: old firmware looks at the first one only, so it is the keyboard. */
export const USB_FUNCTIONS = ['keyboard', 'absolute-mouse', 'relative-mouse', 'consumer'] as const;

export type UsbFunction = (typeof USB_FUNCTIONS)[number];
