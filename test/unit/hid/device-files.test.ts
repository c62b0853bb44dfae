import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { deviceNumber, systemDeviceFiles } from '../../../server/hid/device-files.js';
import { deviceSerial } from '../../../server/hid/gadget-identity.js';

const folder = mkdtempSync(join(tmpdir(), 'mykvm-devices-'));
after(() => rmSync(folder, { recursive: true }));

describe('device nodes', () => {
  it('takes st_rdev apart as the kernel writes it', () => {
    assert.equal(deviceNumber(statSync('/dev/null').rdev), '1:3');
    // makedev(240, 3), makedev(511, 300), makedev(4096, 1048575)
    assert.equal(deviceNumber(0xf003), '240:3');
    assert.equal(deviceNumber(0x11ff2c | 0x0), '511:300');
  });

  it('reads an attribute from its beginning each time', () => {
    const path = join(folder, 'state');
    writeFileSync(path, 'configured\n');
    const fd = systemDeviceFiles.open(path, 'read');
    assert.equal(systemDeviceFiles.readAttribute(fd), 'configured');
    writeFileSync(path, 'suspended\n');
    assert.equal(systemDeviceFiles.readAttribute(fd), 'suspended');
    systemDeviceFiles.close(fd);
  });

  it('finds no node for a number that nobody has', () => {
    assert.equal(systemDeviceFiles.findHidNode('0:0'), null);
    assert.deepEqual(systemDeviceFiles.list('/nonexistent'), []);
  });
});

describe('the serial number', () => {
  it('is the same each time, differs between devices and tells nothing of them', () => {
    const serials = ['one', 'two'].map((id) => {
      const root = join(folder, id);
      mkdirSync(join(root, 'etc'), { recursive: true });
      writeFileSync(join(root, 'etc/machine-id'), `${id}-machine\n`);
      return deviceSerial(`${root}/`);
    });
    assert.notEqual(serials[0], serials[1]);
    for (const serial of serials) assert.match(serial, /^[0-9A-F]{12}$/);
    assert.equal(deviceSerial(`${join(folder, 'one')}/`), serials[0]);
  });

  it("takes the board's own number first", () => {
    const root = join(folder, 'one');
    const machine = deviceSerial(`${root}/`);
    mkdirSync(join(root, 'sys/firmware/devicetree/base'), { recursive: true });
    writeFileSync(join(root, 'sys/firmware/devicetree/base/serial-number'), '10000000abcdef01\0');
    assert.notEqual(deviceSerial(`${root}/`), machine);
  });
});
