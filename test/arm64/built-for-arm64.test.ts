import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { monotonicUs } from '../../native/index.js';

const PACKAGING = new URL('../../../packaging/arm64/', import.meta.url);
const SPI_MODULE = new URL('node_modules/spi-device/build/Release/spi.node', PACKAGING);

/** Shared libraries that every Debian has or that come with its Node. */
const BASE_LIBRARIES = /^(ld-linux-aarch64|libc|libm|libgcc_s|libstdc\+\+)\.so\.\d+$/;

interface SpiDevice {
  open(bus: number, device: number, done: (error: Error | null) => void): void;
  openSync(bus: number, device: number): unknown;
  MODE3: number;
}

function readelf(option: string, file: string): string {
  return execFileSync('aarch64-linux-gnu-readelf', ['--wide', option, file], { encoding: 'utf8' });
}

function addon(): string {
  const file = process.env['MYKVM_ADDON'];
  assert.ok(file, 'MYKVM_ADDON names the addon under test');
  return file;
}

test('the tests run in an arm64 Node, and what it starts is one as well', () => {
  assert.equal(process.arch, 'arm64');
  const child = execFileSync(process.execPath, ['-p', 'process.arch'], { encoding: 'utf8' });
  assert.equal(child.trim(), 'arm64');
});

test('the addon is arm64 code that needs no library beyond the base system, and it works', () => {
  assert.match(readelf('--file-header', addon()), /Machine:\s+AArch64/);
  const needed = [...readelf('--dynamic', addon()).matchAll(/\(NEEDED\).*\[(.*)\]/g)];
  assert.ok(needed.length > 0);
  for (const [, library = ''] of needed) assert.match(library, BASE_LIBRARIES);
  assert.ok(monotonicUs() > 0);
});

test('spi-device is arm64 code that loads and asks the kernel for the bus, at once and in a thread', async () => {
  assert.match(readelf('--file-header', fileURLToPath(SPI_MODULE)), /Machine:\s+AArch64/);
  const require = createRequire(PACKAGING);
  const spi = require('spi-device') as SpiDevice;
  assert.equal(spi.MODE3, 3);
  const error = await new Promise<Error | null>((done) => spi.open(99, 0, done));
  assert.match(String(error), /ENOENT/);
  assert.throws(() => spi.openSync(99, 0), /ENOENT/);
});
