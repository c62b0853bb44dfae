import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ConfigfsGadget } from '../../../server/hid/configfs-gadget.js';
import type { GadgetError, GadgetFault } from '../../../server/hid/gadget-error.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { silentLogger } from '../../../server/logger.js';
import { FAKE_GADGET_ROOT, FAKE_UDC_ROOT, FakeConfigfs } from '../../fakes/fake-configfs.js';

const identity = {
  vendorId: 0x1d6b,
  productId: 0x0104,
  manufacturer: 'MyKVM',
  product: 'Test gadget',
  serial: '0123456789AB',
  maxPowerMilliamperes: 250,
};

describe('the gadget in configfs', () => {
  let files: FakeConfigfs;
  let said: string[];
  let gadget: ConfigfsGadget;

  beforeEach(() => {
    files = new FakeConfigfs();
    said = [];
    gadget = make();
  });

  function make(udc: string | null = null): ConfigfsGadget {
    return new ConfigfsGadget({
      identity,
      udc,
      logger: { ...silentLogger, info: (_, text) => void said.push(text) },
      gadgetRoot: FAKE_GADGET_ROOT,
      udcRoot: FAKE_UDC_ROOT,
      files,
    });
  }

  async function fails(act: Promise<unknown>, fault: GadgetFault, words: RegExp): Promise<void> {
    await assert.rejects(act, (error: GadgetError) => {
      assert.equal(error.fault, fault);
      assert.match(error.message, words);
      return true;
    });
  }

  /** A tree as a crash leaves it, or another program. */
  async function plant(name: string, udc: string, functions: string[]): Promise<void> {
    const path = `${FAKE_GADGET_ROOT}/${name}`;
    await files.makeDirectory(path);
    await files.makeDirectory(`${path}/strings/0x409`);
    await files.makeDirectory(`${path}/configs/c.7`);
    await files.makeDirectory(`${path}/configs/c.7/strings/0x407`);
    for (const fn of functions) {
      await files.makeDirectory(`${path}/functions/${fn}`);
      await files.link(`${path}/functions/${fn}`, `${path}/configs/c.7/${fn}`);
    }
    await files.link(`${path}/configs/c.7`, `${path}/os_desc/c.7`);
    if (udc) await files.write(`${path}/UDC`, udc);
  }

  it('builds the whole tree, the keyboard first, without OUT endpoints', async () => {
    await gadget.create(HID_FUNCTIONS);
    const tree = files.tree('mykvm');
    const expected = {
      idVendor: '0x1d6b',
      idProduct: '0x0104',
      bcdUSB: '0x0200',
      bcdDevice: '0x0100',
      'strings/0x409/manufacturer': 'MyKVM',
      'strings/0x409/product': 'Test gadget',
      'strings/0x409/serialnumber': '0123456789AB',
      'configs/c.1/MaxPower': '250',
      'configs/c.1/bmAttributes': '0x00a0',
      'functions/hid.usb0/protocol': '1',
      'functions/hid.usb0/subclass': '1',
      'functions/hid.usb0/report_length': '8',
      'functions/hid.usb0/no_out_endpoint': '1',
      'functions/hid.usb1/protocol': '0',
      'functions/hid.usb1/report_length': '7',
      'functions/hid.usb1/no_out_endpoint': '1',
      'functions/hid.usb2/protocol': '2',
      'functions/hid.usb2/subclass': '1',
      'functions/hid.usb2/report_length': '5',
      'functions/hid.usb3/report_length': '3',
      UDC: '',
    };
    for (const [path, content] of Object.entries(expected)) assert.equal(tree[path], content, path);
    assert.match(tree['functions/hid.usb0/report_desc'] ?? '', /^05010906a101/);
    const links = files.journal.filter((line) => line.startsWith('link'));
    assert.deepEqual(
      links,
      [0, 1, 2, 3].map((n) => `link mykvm/configs/c.1/hid.usb${n}`),
    );
  });

  it('binds to the first free controller and tells the device numbers', async () => {
    files = new FakeConfigfs(['b.usb', 'a.usb', 'c.usb']);
    await plant('other', 'a.usb', []);
    gadget = make();
    await gadget.create(['keyboard', 'consumer']);
    assert.deepEqual(await gadget.bind(), {
      udc: 'b.usb',
      devices: new Map([
        ['keyboard', '240:0'],
        ['consumer', '240:1'],
      ]),
    });
    assert.equal(files.tree('mykvm')['UDC'], 'b.usb');
    assert.equal(files.tree('other')['UDC'], 'a.usb');
  });

  it('binds to the controller that was named', async () => {
    files = new FakeConfigfs(['a.usb', 'b.usb']);
    gadget = make('b.usb');
    await gadget.create(['keyboard']);
    assert.equal((await gadget.bind()).udc, 'b.usb');
  });

  it('replaces what a crash left, bound and with other functions in it', async () => {
    await plant('mykvm', 'fake.0', ['hid.usb0', 'hid.old', 'hid.usb5']);
    await gadget.create(['keyboard']);
    const tree = files.tree('mykvm');
    assert.equal(tree['functions/hid.old'], undefined);
    assert.equal(tree['configs/c.7'], undefined);
    assert.equal(tree['UDC'], '');
    assert.deepEqual(said, ['a USB gadget was left over: made anew']);
    assert.equal((await gadget.bind()).udc, 'fake.0');
  });

  it('makes the same tree however often it is asked', async () => {
    await gadget.create(HID_FUNCTIONS);
    const first = files.tree('mykvm');
    await gadget.create(HID_FUNCTIONS);
    const strip = (tree: Record<string, string>) =>
      Object.fromEntries(Object.entries(tree).filter(([path]) => !path.endsWith('/dev')));
    assert.deepEqual(strip(files.tree('mykvm')), strip(first));
  });

  it('leaves nothing of itself, and everything of others', async () => {
    await plant('other', '', ['hid.x']);
    const others = files.tree('other');
    await gadget.create(HID_FUNCTIONS);
    await gadget.bind();
    await gadget.remove();
    await gadget.remove();
    assert.deepEqual(await files.list(FAKE_GADGET_ROOT), [{ name: 'other', kind: 'directory' }]);
    assert.deepEqual(files.tree('other'), others);
  });

  it('changes the functions at run time', async () => {
    await gadget.create(HID_FUNCTIONS);
    await gadget.bind();
    await gadget.setFunctions(['keyboard', 'relative-mouse']);
    const tree = files.tree('mykvm');
    assert.equal(tree['UDC'], '');
    assert.equal(tree['functions/hid.usb2'], undefined);
    assert.equal(tree['functions/hid.usb1/protocol'], '2');
    assert.deepEqual([...(await gadget.bind()).devices.keys()], ['keyboard', 'relative-mouse']);
  });

  it('unplugs and plugs in again', async () => {
    await gadget.create(['keyboard']);
    await gadget.unbind();
    await gadget.bind();
    await gadget.unbind();
    assert.equal(files.tree('mykvm')['UDC'], '');
    assert.equal((await gadget.bind()).udc, 'fake.0');
  });

  it('wakes through the controller, and nobody before it is bound', async () => {
    await gadget.create(['keyboard']);
    await gadget.wake();
    await gadget.bind();
    await gadget.wake();
    assert.deepEqual(
      files.journal.filter((line) => line.includes('srp')),
      ['write /udc/fake.0/srp 1'],
    );
  });

  it('does without no_out_endpoint on an older kernel, and says so once', async () => {
    files.missing.add('no_out_endpoint');
    await gadget.create(HID_FUNCTIONS);
    await gadget.bind();
    assert.deepEqual(
      said.map((line) => line.includes('no_out_endpoint')),
      [true],
    );
  });

  it('says what to load when there is no configfs', async () => {
    files = new FakeConfigfs([], false);
    gadget = make();
    await fails(
      gadget.create(['keyboard']),
      'no-configfs',
      /modprobe libcomposite.*mount -t configfs/,
    );
  });

  it('says that it needs root', async () => {
    files.refuse = 'EACCES';
    await fails(gadget.create(['keyboard']), 'not-permitted', /run MyKVM as root/);
  });

  it('says that there is no controller, or not the one that was named', async () => {
    files = new FakeConfigfs([]);
    gadget = make();
    await gadget.create(['keyboard']);
    await fails(gadget.bind(), 'no-udc', /dtoverlay=dwc2/);
    files = new FakeConfigfs(['real.usb']);
    gadget = make('dream.usb');
    await gadget.create(['keyboard']);
    await fails(gadget.bind(), 'no-udc', /no USB device controller dream\.usb; there is real\.usb/);
  });

  it('says who has the controller', async () => {
    files = new FakeConfigfs(['a.usb', 'b.usb']);
    await plant('g1', 'a.usb', []);
    await plant('g2', 'b.usb', []);
    gadget = make();
    await gadget.create(['keyboard']);
    await fails(gadget.bind(), 'udc-busy', /a\.usb \(by the gadget \/gadgets\/g1\), b\.usb .*g2/);
    gadget = make('a.usb');
    await fails(gadget.bind(), 'udc-busy', /a\.usb/);
  });

  it('tells a gadget that does not fit from a controller that is busy', async () => {
    files.capacity = 2;
    await gadget.create(HID_FUNCTIONS);
    await fails(gadget.bind(), 'does-not-fit', /fake\.0 refused the gadget \(EBUSY\).*consumer/);
    await gadget.setFunctions(['keyboard', 'absolute-mouse']);
    assert.equal((await gadget.bind()).devices.size, 2);
  });

  it('takes away what it has half made when something fails', async () => {
    files.missing.add('report_desc');
    await fails(gadget.create(['keyboard']), 'failed', /ENOENT.*report_desc/);
    assert.deepEqual(await files.list(FAKE_GADGET_ROOT), []);
  });

  it('is removed also when the controller went away first', async () => {
    await gadget.create(['keyboard']);
    await gadget.bind();
    files.removeUdc('fake.0');
    await gadget.remove();
    assert.deepEqual(await files.list(FAKE_GADGET_ROOT), []);
  });
});
