import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeEdid } from '../../../native/index.js';
import { buildEdid } from '../../../server/video/edid/build-edid.js';

const MAIN = fileURLToPath(new URL('../../../server/main.js', import.meta.url));

test('the doctor finds what this machine has: capture, signal, EDID, encoder, USB controller, configfs', () => {
  const edid = buildEdid('1280x720@60', 'TEST');
  writeEdid('/dev/video0', edid);
  execFileSync('mount', ['-t', 'configfs', 'none', '/sys/kernel/config']);
  const args = [MAIN, 'doctor', '--port', '0', '--state-dir', '/tmp/doctor-state'];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(stderr, '');
  for (const line of [
    /^pass {2}kernel +Linux 6\./m,
    /^pass {2}capture device +\/dev\/video0 \(vivid-000-vid-cap\) delivers YUYV, UYVY, .* more\./m,
    /^pass {2}HDMI signal +1280x720 at 60 Hz\./m,
    /^pass {2}EDID +256 bytes, sound\./m,
    /^pass {2}encoder +\/dev\/video\d+ \(.*\) takes YU12, .* more\./m,
    /^pass {2}USB device controller +dummy_udc\.0: /m,
    /^pass {2}USB gadgets \(configfs\) +\/sys\/kernel\/config\/usb_gadget may be written\./m,
    /^note {2}keyboard and mouse nodes \(hidg\) +There is no/m,
    /^note {2}USB host +No gadget is plugged in/m,
  ]) {
    assert.match(stdout, line);
  }
  assert.equal(status, 0, stdout);
  assert.ok(!readdirSync('/tmp').includes('doctor-state'));
});
