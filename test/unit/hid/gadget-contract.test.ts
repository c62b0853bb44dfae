import { gadgetContract } from '../../contract/gadget-contract.js';
import { FAKE_GADGET_ROOT, FAKE_UDC_ROOT, FakeConfigfs } from '../../fakes/fake-configfs.js';

gadgetContract('the fake configfs', () => ({
  files: new FakeConfigfs(['fake.0']),
  gadgetRoot: FAKE_GADGET_ROOT,
  udcRoot: FAKE_UDC_ROOT,
  udc: 'fake.0',
}));
