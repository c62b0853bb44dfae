import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { udcDriver } from '../../../server/hid/udc.js';
import { UsbControl } from '../../../server/hid/usb-control.js';

const keeper = {
  wanted: ['keyboard', 'consumer'] as const,
  problem: 'an old story',
  replug: async () => {},
  setFunctions: async () => {},
};

test('names the driver that cannot wake a computer', async () => {
  const port = {
    state: 'suspended',
    functions: ['keyboard'],
    udc: '3f980000.usb',
    wake: async () => false,
  } as const;
  const wake = (driver: string) => new UsbControl({ port, keeper, driverOf: () => driver }).wake();
  await assert.rejects(wake('dwc2'), {
    code: 'wake-failed',
    message: /dwc2, Linux's driver .* cannot wake a computer.*power button/,
  });
  await assert.rejects(wake('musb-hdrc'), { message: /has not allowed .*, or musb-hdrc here/ });
});

test('a device that is there has no problem, and may have fewer functions than wanted', () => {
  const port = { functions: ['keyboard'], udc: 'u', wake: async () => true } as const;
  const reply = (state: 'detached' | 'busy') =>
    new UsbControl({ port: { ...port, state }, keeper, driverOf: () => '' }).reply;
  const wanted = ['keyboard', 'consumer'];
  assert.deepEqual(reply('detached'), {
    state: 'detached',
    functions: ['keyboard'],
    wanted,
    problem: null,
  });
  assert.deepEqual(reply('busy'), {
    state: 'busy',
    functions: [],
    wanted,
    problem: 'an old story',
  });
});

test('the driver of a controller is read from sysfs', () => {
  const root = mkdtempSync(join(tmpdir(), 'mykvm-udc-'));
  mkdirSync(join(root, '3f980000.usb/device'), { recursive: true });
  symlinkSync('../../../bus/platform/drivers/dwc2', join(root, '3f980000.usb/device/driver'));
  assert.equal(udcDriver('3f980000.usb', root), 'dwc2');
  assert.equal(udcDriver('none', root), '');
  rmSync(root, { recursive: true });
});
