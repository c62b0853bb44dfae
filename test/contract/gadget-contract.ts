import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ConfigfsFiles } from '../../server/hid/configfs-files.js';
import { ConfigfsGadget } from '../../server/hid/configfs-gadget.js';
import type { GadgetControl } from '../../server/hid/gadget-control.js';
import type { GadgetError, GadgetFault } from '../../server/hid/gadget-error.js';
import type { GadgetIdentity } from '../../server/hid/gadget-identity.js';
import { HID_FUNCTIONS } from '../../server/hid/report-descriptors.js';
import { silentLogger } from '../../server/logger.js';

/** Where gadgets are made: the kernel, or what stands for it in the unit tests. */
export interface GadgetWorld {
  files: ConfigfsFiles;
  gadgetRoot: string;
  udcRoot: string;
  /** The only controller there; free. */
  udc: string;
  /** Who makes gadgets there; without it this process. */
  makeControl?: (wanted: { identity: GadgetIdentity; udc: string | null }) => GadgetControl;
  close?: () => Promise<void>;
}

const identity = {
  vendorId: 0x1d6b,
  productId: 0x0104,
  manufacturer: 'MyKVM',
  product: 'Contract gadget',
  serial: '0123456789AB',
  maxPowerMilliamperes: 250,
};

/** What gadgets do and what they rely on: in this process or through the USB service, on the real configfs or the fake one. */
export function gadgetContract(name: string, open: () => GadgetWorld | Promise<GadgetWorld>): void {
  describe(`gadgets in ${name}`, () => {
    let world: GadgetWorld;
    let gadget: GadgetControl;

    beforeEach(async () => {
      world = await open();
      gadget = make(null);
    });
    afterEach(async () => {
      await gadget.remove();
      await removeOther();
      await world.close?.();
    });

    function make(udc: string | null): GadgetControl {
      if (world.makeControl) return world.makeControl({ identity, udc });
      const { files, gadgetRoot, udcRoot } = world;
      return new ConfigfsGadget({
        identity,
        udc,
        logger: silentLogger,
        files,
        gadgetRoot,
        udcRoot,
      });
    }

    const other = () => `${world.gadgetRoot}/other`;

    /** A gadget of another program, or with our name what a crash of another version left. */
    async function plant(path: string, udc: string): Promise<void> {
      const { files } = world;
      await files.makeDirectory(path);
      await files.write(`${path}/idVendor`, '0x1d6b');
      await files.write(`${path}/idProduct`, '0x0105');
      await files.makeDirectory(`${path}/strings/0x409`);
      await files.write(`${path}/strings/0x409/product`, 'Planted');
      await files.makeDirectory(`${path}/configs/c.7`);
      await files.makeDirectory(`${path}/configs/c.7/strings/0x409`);
      const fn = `${path}/functions/hid.old`;
      await files.makeDirectory(fn);
      await files.write(`${fn}/report_length`, '1');
      // One constant byte.
      await files.write(
        `${fn}/report_desc`,
        Buffer.from('0600ff0901a1017508950181 03c0'.replaceAll(' ', ''), 'hex'),
      );
      await files.link(fn, `${path}/configs/c.7/hid.old`);
      if (udc) await files.write(`${path}/UDC`, udc);
    }

    async function removeOther(): Promise<void> {
      const { files } = world;
      if (!(await files.list(world.gadgetRoot)).some((entry) => entry.name === 'other')) return;
      if ((await read(`${other()}/UDC`)) !== '') await files.write(`${other()}/UDC`, '\n');
      await files.unlink(`${other()}/configs/c.7/hid.old`);
      for (const path of [
        'configs/c.7/strings/0x409',
        'configs/c.7',
        'functions/hid.old',
        'strings/0x409',
        '',
      ]) {
        await files.removeDirectory(path === '' ? other() : `${other()}/${path}`);
      }
    }

    const read = async (path: string) => (await world.files.read(path)).trim();
    const ours = (path: string) => read(`${world.gadgetRoot}/mykvm/${path}`);
    const names = async (path: string) => (await world.files.list(path)).map((entry) => entry.name);

    async function fails(act: Promise<unknown>, fault: GadgetFault, words: RegExp): Promise<void> {
      await assert.rejects(act, (error: GadgetError) => {
        assert.equal(error.fault, fault, error.message);
        assert.match(error.message, words);
        return true;
      });
    }

    it('reads back as it was made', async () => {
      await gadget.create(HID_FUNCTIONS);
      assert.equal(await ours('idVendor'), '0x1d6b');
      assert.equal(await ours('strings/0x409/serialnumber'), '0123456789AB');
      assert.equal(await ours('configs/c.1/MaxPower'), '250');
      assert.equal(Number(await ours('configs/c.1/bmAttributes')), 0xa0);
      const lengths = await Promise.all(
        [0, 1, 2, 3].map((n) => ours(`functions/hid.usb${n}/report_length`)),
      );
      assert.deepEqual(lengths, ['8', '7', '5', '3']);
      const without = await Promise.all(
        [0, 1, 2, 3].map((n) => ours(`functions/hid.usb${n}/no_out_endpoint`)),
      );
      assert.deepEqual(without.map(Number), [1, 1, 1, 1]);
    });

    it('binds, tells different device numbers, and unbinds', async () => {
      await gadget.create(HID_FUNCTIONS);
      const { udc, devices } = await gadget.bind();
      assert.equal(udc, world.udc);
      assert.deepEqual([...devices.keys()], [...HID_FUNCTIONS]);
      for (const device of devices.values()) assert.match(device, /^\d+:\d+$/);
      assert.equal(new Set(devices.values()).size, HID_FUNCTIONS.length);
      assert.equal(await ours('UDC'), world.udc);
      assert.notEqual(await read(`${world.udcRoot}/${world.udc}/function`), '');
      await gadget.unbind();
      await gadget.unbind();
      assert.equal(await ours('UDC'), '');
      assert.equal(await read(`${world.udcRoot}/${world.udc}/function`), '');
    });

    it('replaces a tree of another shape that is bound', async () => {
      await plant(`${world.gadgetRoot}/mykvm`, world.udc);
      await gadget.create(['keyboard']);
      assert.equal(await ours('UDC'), '');
      assert.deepEqual(await names(`${world.gadgetRoot}/mykvm/functions`), ['hid.usb0']);
      assert.deepEqual(await names(`${world.gadgetRoot}/mykvm/configs`), ['c.1']);
      assert.equal((await gadget.bind()).udc, world.udc);
    });

    it('changes its functions while it is bound', async () => {
      await gadget.create(HID_FUNCTIONS);
      await gadget.bind();
      await gadget.setFunctions(['keyboard', 'relative-mouse']);
      assert.deepEqual((await names(`${world.gadgetRoot}/mykvm/functions`)).sort(), [
        'hid.usb0',
        'hid.usb1',
      ]);
      assert.equal((await gadget.bind()).devices.size, 2);
    });

    it('is removed while it is bound, and leaves nothing', async () => {
      await gadget.create(HID_FUNCTIONS);
      await gadget.bind();
      await gadget.remove();
      await gadget.remove();
      assert.deepEqual(await names(world.gadgetRoot), []);
      assert.equal(await read(`${world.udcRoot}/${world.udc}/function`), '');
    });

    it('says who has the controller, and leaves it to them', async () => {
      await plant(other(), world.udc);
      await gadget.create(['keyboard']);
      await fails(gadget.bind(), 'udc-busy', new RegExp(`${world.udc} \\(by the gadget .*other`));
      assert.equal(await read(`${other()}/UDC`), world.udc);
    });

    it('leaves a gadget that another MyKVM has alone, until it is removed', async () => {
      await gadget.create(HID_FUNCTIONS);
      await gadget.bind();
      const second = make(null);
      await assert.rejects(second.create(['keyboard']), /Another MyKVM (has|is using)/);
      // As the second one does when it ends.
      await second.remove().catch((error: GadgetError) => assert.equal(error.fault, 'failed'));
      assert.equal(await ours('UDC'), world.udc);
      await gadget.remove();
      await second.create(['keyboard']);
      assert.equal((await second.bind()).udc, world.udc);
      await second.remove();
      assert.deepEqual(await names(world.gadgetRoot), []);
    });

    it('says that the controller that was named is not there', async () => {
      gadget = make('dream.usb');
      await gadget.create(['keyboard']);
      await fails(gadget.bind(), 'no-udc', new RegExp(`dream\\.usb; there is ${world.udc}`));
    });

    it('the rules that it relies on: what is linked is kept, and a second gadget is refused', async () => {
      await gadget.create(['keyboard']);
      const { files, gadgetRoot } = world;
      const fn = `${gadgetRoot}/mykvm/functions/hid.usb0`;
      await assert.rejects(files.write(`${fn}/report_length`, '4'), { code: 'EBUSY' });
      await assert.rejects(files.removeDirectory(fn), { code: 'EBUSY' });
      await assert.rejects(files.write(`${gadgetRoot}/mykvm/no_such`, '1'), { code: 'ENOENT' });
      await gadget.bind();
      await plant(other(), '');
      await assert.rejects(files.write(`${other()}/UDC`, world.udc), { code: 'EBUSY' });
      await assert.rejects(files.write(`${other()}/UDC`, '\n'), { code: 'ENODEV' });
    });
  });
}
