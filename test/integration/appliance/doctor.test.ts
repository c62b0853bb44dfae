import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CHECKS } from '../../../server/doctor/doctor.js';
import { nativeDevices } from '../../../server/doctor/native-devices.js';

const MAIN = fileURLToPath(new URL('../../../server/main.js', import.meta.url));

describe('mykvm doctor', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mykvm-doctor-'));
  after(() => rmSync(directory, { recursive: true }));

  function doctor(...flags: string[]) {
    const args = [MAIN, 'doctor', '--port', '0', '--state-dir', join(directory, 'state'), ...flags];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  it('says of this machine what is missing, ends with 1, and makes nothing', () => {
    const { status, stdout, stderr } = doctor('--device', '/nonexistent/video0');
    assert.equal(stderr, '');
    assert.equal(status, 1);
    assert.match(stdout, /^FAIL {2}capture device +There is no \/nonexistent\/video0\./m);
    const printed = stdout.split('\n').filter((line) => /^(pass|FAIL|note) {2}/.test(line));
    assert.equal(printed.length, CHECKS.length);
    assert.throws(() => rmSync(join(directory, 'state'), { recursive: true }), { code: 'ENOENT' });
  });

  it('names a device that is none', () => {
    const { stdout } = doctor('--device', '/dev/null');
    assert.match(stdout, /^FAIL {2}capture device +\/dev\/null cannot be asked: /m);
    assert.match(stdout, /^FAIL {2}HDMI signal +\/dev\/null cannot capture: /m);
  });

  it('takes the flags of the appliance, and names wrong ones with exit code 2', () => {
    const { status, stdout, stderr } = doctor('--bogus');
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /--bogus/);
  });

  it('asks a device for its signal, and hears why it has none', async () => {
    await assert.rejects(nativeDevices.probeSignal('/dev/null'), { code: 'ENOTTY' });
    const absent = await nativeDevices.probeSignal('/nonexistent/video0');
    assert.equal(absent.state, 'no-device');
  });
});
