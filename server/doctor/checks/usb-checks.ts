import { type Check, fail, note, pass } from '../check.js';
import type { Machine } from '../machine.js';

const UDC = '/sys/class/udc';
const GADGETS = '/sys/kernel/config/usb_gadget';
/** Where mykvm-usb listens unless told otherwise. */
const SOCKET = '/run/mykvm-usb/socket';

/** The way of keys and mouse: controller, gadget, device nodes. */
export const USB_CHECKS: readonly Check[] = [
  {
    name: 'USB device controller',
    run: (machine) => {
      const wanted = machine.config.udc;
      const names = machine.list(UDC);
      if (names.length === 0) {
        return fail(
          'This machine has no USB device controller, so it cannot be a keyboard.',
          'On a Raspberry Pi add dtoverlay=dwc2,dr_mode=peripheral to config.txt and start it again.',
        );
      }
      if (wanted !== null && !names.includes(wanted)) {
        return fail(`There is no ${wanted}.`, `Choose ${names.join(' or ')} with --udc.`);
      }
      const name = wanted ?? names[0] ?? '';
      const state = machine.read(`${UDC}/${name}/state`) ?? 'unknown';
      const holder = holderOf(machine, name);
      if (holder === null || holder === 'mykvm') return pass(`${name}: ${state}.`);
      return fail(
        `${name} is in use by the gadget ${holder}.`,
        `Take it off (echo > ${GADGETS}/${holder}/UDC), or remove g_* modules from cmdline.txt.`,
      );
    },
  },
  {
    name: 'USB gadgets (configfs)',
    run: (machine) => {
      if (!machine.exists(GADGETS) && machine.exists('/sys/module/libcomposite')) {
        return fail(
          'The kernel can make gadgets, but configfs is not mounted.',
          'mount -t configfs none /sys/kernel/config (systemd does it at each start)',
        );
      }
      if (!machine.exists(GADGETS)) {
        return fail(
          `There is no ${GADGETS}.`,
          'modprobe libcomposite, and for every start: echo libcomposite > /etc/modules-load.d/mykvm.conf',
        );
      }
      if (machine.mayUse(GADGETS)) return pass(`${GADGETS} may be written.`);
      const socket = machine.config.usbSocket ?? SOCKET;
      if (machine.exists(socket)) return pass(`By the service at ${socket}.`);
      return fail(
        `${machine.user} may not make gadgets, and no service does it at ${socket}.`,
        'Start MyKVM as root, or mykvm-usb beside it.',
      );
    },
  },
  {
    name: 'keyboard and mouse nodes (hidg)',
    run: (machine) => {
      const nodes = machine.list('/dev').filter((name) => /^hidg\d+$/.test(name));
      if (nodes.length === 0)
        return note('There is no /dev/hidg*: MyKVM makes them when it starts.');
      const locked = nodes.filter((name) => !machine.mayUse(`/dev/${name}`));
      if (locked.length === 0) return pass(`/dev/${nodes.join(', /dev/')}.`);
      return fail(
        `${machine.user} may not use /dev/${locked.join(', /dev/')}.`,
        'Start MyKVM as root, or mykvm-usb beside it, which gives them away.',
      );
    },
  },
  {
    name: 'USB host',
    run: (machine) => {
      const names = machine.list(UDC);
      if (names.length === 0) return note('Not asked, for want of a controller.');
      const states = names.map((name) => machine.read(`${UDC}/${name}/state`));
      if (states.includes('configured')) return pass('A computer has taken the keyboard.');
      if (!names.some((name) => holderOf(machine, name) !== null)) {
        return note('No gadget is plugged in: MyKVM does it when it starts.');
      }
      return fail(
        `The controller says "${states.join(', ')}": no computer has taken the keyboard.`,
        'Use the port marked USB, not PWR, and a cable with data wires; switch the computer on.',
      );
    },
  },
];

/** The gadget that is bound to a controller; null for none. */
function holderOf(machine: Machine, udc: string): string | null {
  return (
    machine.list(GADGETS).find((name) => machine.read(`${GADGETS}/${name}/UDC`) === udc) ?? null
  );
}
