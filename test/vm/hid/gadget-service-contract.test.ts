import { systemFiles } from '../../../server/hid/configfs-files.js';
import { GADGET_ROOT } from '../../../server/hid/configfs-gadget.js';
import { UDC_ROOT } from '../../../server/hid/udc.js';
import { gadgetContract } from '../../contract/gadget-contract.js';
import { openGadgetService } from '../../fakes/gadget-service-world.js';

gadgetContract("the kernel's configfs, made by the USB service", () =>
  openGadgetService({
    files: systemFiles,
    gadgetRoot: GADGET_ROOT,
    udcRoot: UDC_ROOT,
    udc: 'dummy_udc.0',
  }),
);
