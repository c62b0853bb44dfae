import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { test } from 'node:test';

const VIDEO = '/sys/class/video4linux';

function videoNames(): string[] {
  return readdirSync(VIDEO).map((node) => readFileSync(`${VIDEO}/${node}/name`, 'utf8').trim());
}

test("Debian's own kernel runs", () => {
  assert.match(release(), /^6\.\d+\.\d+-\d+-amd64$/);
  assert.match(readFileSync('/proc/version', 'utf8'), /debian-kernel@lists\.debian\.org/);
});

test('vivid offers a capture device', () => {
  assert.ok(videoNames().includes('vivid-000-vid-cap'), videoNames().join());
});

test('the test encoder is there', () => {
  assert.ok(videoNames().includes('stateful-encoder'), videoNames().join());
});

test('there is a USB device controller', () => {
  assert.deepEqual(readdirSync('/sys/class/udc'), ['dummy_udc.0']);
});
