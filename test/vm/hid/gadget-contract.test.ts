import { systemFiles } from '../../../server/hid/configfs-files.js';
import { GADGET_ROOT } from '../../../server/hid/configfs-gadget.js';
import { UDC_ROOT } from '../../../server/hid/udc.js';
import { gadgetContract } from '../../contract/gadget-contract.js';

gadgetContract("the kernel's configfs", () => ({
  files: systemFiles,
  gadgetRoot: GADGET_ROOT,
  udcRoot: UDC_ROOT,
  udc: 'dummy_udc.0',
}));
