import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  lastingAddresses,
  normalAddress,
  readMachineNames,
} from '../../../server/http/machine-names.js';

describe('names of the machine', () => {
  it('has localhost and loopback whatever the network is', () => {
    const { names, addresses } = readMachineNames();
    assert.ok(names.includes('localhost'));
    assert.ok(names.some((name) => name.endsWith('.local')));
    assert.ok(addresses.includes('127.0.0.1') && addresses.includes('::1'));
  });

  it('leaves temporary and link-local IPv6 out of certificates', () => {
    // Address, index, prefix length, scope, flags (0x01 temporary, 0x80 permanent), device.
    const table = [
      '20010db8000000000000000000000001 02 40 00 80     eth0',
      '20010db80000000089ab0000cdef0001 02 40 00 01     eth0',
      'fe800000000000000000000000000001 02 40 20 80     eth0',
      '',
    ].join('\n');
    const all = ['192.168.1.5', '2001:db8::1', '2001:db8::89ab:0:cdef:1', 'fe80::1', '::1'];
    assert.deepEqual(lastingAddresses(all, table), ['192.168.1.5', '2001:db8::1', '::1']);
    assert.deepEqual(lastingAddresses(all, ''), all.toSpliced(3, 1));
  });

  it('spells each address in one way', () => {
    assert.equal(normalAddress('FE80::1%eth0'), 'fe80::1');
    assert.equal(normalAddress('2001:0db8:0:0:0:0:0:1'), '2001:db8::1');
    assert.equal(normalAddress('10.0.0.1'), '10.0.0.1');
    assert.equal(normalAddress('kvm.example'), 'kvm.example');
  });
});
