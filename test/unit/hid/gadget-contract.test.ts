import { gadgetContract } from '../../contract/gadget-contract.js';
import { FAKE_GADGET_ROOT, FAKE_UDC_ROOT, FakeConfigfs } from '../../fakes/fake-configfs.js';
import { openGadgetService } from '../../fakes/gadget-service-world.js';

const open = () => ({
  files: new FakeConfigfs(['fake.0']),
  gadgetRoot: FAKE_GADGET_ROOT,
  udcRoot: FAKE_UDC_ROOT,
  udc: 'fake.0',
});

gadgetContract('the fake configfs', open);
gadgetContract('the fake configfs, made by the USB service', () => openGadgetService(open()));
