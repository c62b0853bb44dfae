import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { buildEdid } from '../../../../server/video/edid/build-edid.js';
import {
  DEFAULT_EDID_PRESET,
  EDID_PRESETS,
  isEdidPreset,
} from '../../../../server/video/edid/edid-presets.js';
import { edidProblems } from '../../../../server/video/edid/edid-problems.js';

const SERIAL = '0123456789AB';

/** What Debian's edid-decode says; it fails on a violation of the standards. */
function decoded(edid: Uint8Array): string {
  return execFileSync('edid-decode', ['--check', '-'], { input: edid, encoding: 'utf8' });
}

/** The timing of the preferred mode as edid-decode prints it. */
const PREFERRED: Record<string, RegExp> = {
  '1280x720@60': /DTD 1: +1280x720 +60\.0+ Hz +16:9 +45\.0+ kHz +74\.250000 MHz/,
  '1920x1080@25': /DTD 1: +1920x1080 +25\.0+ Hz +16:9 +28\.125 kHz +74\.250000 MHz/,
  '1920x1080@30': /DTD 1: +1920x1080 +30\.0+ Hz +16:9 +33\.75\d* kHz +74\.250000 MHz/,
  '1280x800@60': /DTD 1: +1280x800 +59\.9095\d* Hz +8:5 +49\.306 kHz +71\.000000 MHz/,
};

for (const preset of EDID_PRESETS) {
  test(`${preset} conforms, prefers its mode and offers what fussy firmware wants`, () => {
    const edid = buildEdid(preset, SERIAL);
    const text = decoded(edid);
    assert.match(text, /EDID conformity: PASS/);
    assert.match(text, PREFERRED[preset] as RegExp);
    for (const offered of [
      /DMT 0x04: +640x480 +59\.94/,
      /DMT 0x09: +800x600 +60\.31/,
      /DMT 0x10: +1024x768 +60\.0/,
      /VIC +19: +1280x720 +50\.0/,
      /DTD 2: +1280x720 +50\.0/,
    ]) {
      assert.match(text, offered);
    }
    assert.match(text, /Manufacturer: MYK/);
    assert.match(text, /Display Product Name: 'MyKVM'/);
    assert.match(text, /Display Product Serial Number: '0123456789AB'/);
    assert.match(text, /Vendor-Specific Data Block \(HDMI\)/);
    assert.doesNotMatch(text, /audio/i);
    assert.deepEqual(edidProblems(edid), []);
  });
}

test('the timings of 1280x800 are those of DMT 0x1b, reduced blanking', () => {
  assert.match(
    decoded(buildEdid('1280x800@60', SERIAL)),
    /DMT 0x1b|Hfront +48 Hsync +32 Hback +80 Hpol P/,
  );
});

test('units differ in serial number and in nothing else', () => {
  const [one, other] = [buildEdid('1280x720@60', 'UNIT1'), buildEdid('1280x720@60', 'UNIT2')];
  const differing = [...one.keys()].filter((at) => one[at] !== other[at]);
  const allowed = (at: number) => (at >= 12 && at < 16) || (at >= 108 && at < 126) || at === 127;
  assert.ok(differing.length > 1);
  assert.deepEqual(
    differing.filter((at) => !allowed(at)),
    [],
  );
  assert.deepEqual(buildEdid('1280x720@60', 'UNIT1'), one);
});

test('a serial number of any text gives a valid EDID, its last characters count', () => {
  const text = decoded(buildEdid('1280x720@60', 'ünit-000000000000042'));
  assert.match(text, /Serial Number: '0000000000042'/);
  assert.deepEqual(edidProblems(buildEdid('1280x720@60', '')), []);
});

test('presets are known by name', () => {
  assert.equal(isEdidPreset(DEFAULT_EDID_PRESET), true);
  assert.equal(isEdidPreset('1280x720@61'), false);
  assert.equal(isEdidPreset('1280x720@50'), false);
});
