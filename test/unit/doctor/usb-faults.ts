import type { Fault } from './fault.js';

const UDC = '/sys/class/udc/3f980000.usb';
const GADGETS = '/sys/kernel/config/usb_gadget';

/** The way of the keys, and what the process needs. */
export const USB_FAULTS: readonly Fault[] = [
  [
    'no UDC',
    (b) => b.remove('/sys/class/udc'),
    'USB device controller',
    'fail',
    /no USB device controller/,
    /dr_mode=peripheral/,
  ],
  [
    'another UDC wanted',
    (b) => {
      b.config = b.flags('--udc', 'fe980000.usb');
    },
    'USB device controller',
    'fail',
    /no fe980000\.usb/,
    /3f980000\.usb with --udc/,
  ],
  [
    'a UDC that another gadget has',
    (b) => {
      b.remove(`${GADGETS}/mykvm`);
      b.write(`${GADGETS}/g1/UDC`, '3f980000.usb\n');
    },
    'USB device controller',
    'fail',
    /in use by the gadget g1/,
    /usb_gadget\/g1\/UDC/,
  ],
  [
    'no configfs',
    (b) => b.remove('/sys/kernel'),
    'USB gadgets (configfs)',
    'fail',
    /There is no/,
    /modprobe libcomposite/,
  ],
  [
    'configfs that is not mounted',
    (b) => {
      b.remove('/sys/kernel');
      b.write('/sys/module/libcomposite/refcnt', '0');
    },
    'USB gadgets (configfs)',
    'fail',
    /not mounted/,
    /mount -t configfs/,
  ],
  [
    'configfs of root',
    (b) => b.forbidden.add(GADGETS),
    'USB gadgets (configfs)',
    'fail',
    /ada may not make gadgets/,
    /mykvm-usb/,
  ],
  [
    'configfs by the service',
    (b) => {
      b.forbidden.add(GADGETS);
      b.write('/run/mykvm-usb/socket', '');
    },
    'USB gadgets (configfs)',
    'pass',
    /By the service/,
  ],
  [
    'no hidg yet',
    (b) => b.remove('/dev/hidg0'),
    'keyboard and mouse nodes (hidg)',
    'note',
    /when it starts/,
  ],
  [
    'hidg of root',
    (b) => b.forbidden.add('/dev/hidg0'),
    'keyboard and mouse nodes (hidg)',
    'fail',
    /ada may not use \/dev\/hidg0/,
    /root/,
  ],
  [
    'no computer on USB',
    (b) => b.write(`${UDC}/state`, 'not attached\n'),
    'USB host',
    'fail',
    /"not attached"/,
    /marked USB/,
  ],
  [
    'no gadget yet',
    (b) => {
      b.remove(`${GADGETS}/mykvm`);
      b.write(`${UDC}/state`, 'not attached\n');
    },
    'USB host',
    'note',
    /No gadget/,
  ],
  [
    'a state directory of others',
    (b) => b.forbidden.add('/var/lib/mykvm'),
    'state directory',
    'fail',
    /may not write/,
    /--state-dir/,
  ],
  [
    'no state directory yet',
    (b) => b.remove('/var/lib/mykvm'),
    'state directory',
    'pass',
    /will be made/,
  ],
  [
    'no place for a state directory',
    (b) => {
      b.remove('/var/lib/mykvm');
      b.forbidden.add('/var/lib');
    },
    'state directory',
    'fail',
    /may not make/,
    /--state-dir/,
  ],
  [
    'a certificate that is not there',
    (b) => {
      b.config = b.flags('--cert', '/c.pem', '--key', '/k.pem');
    },
    'certificate',
    'fail',
    /c\.pem cannot be read: it does not exist/,
    /--cert/,
  ],
  [
    'a certificate of its own that is damaged',
    (b) => b.write('/var/lib/mykvm/mykvm.pem', 'x'),
    'certificate',
    'note',
    /makes another/,
  ],
];
