import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { NativeAccessUnit } from '../../../native/index.js';

/**
 * Decodes one mode's access units with ffmpeg, and asserts that it finds no fault and gives a picture for each. Returns the
 * pictures as I420.
 */
export function decodeWithFfmpeg(units: readonly NativeAccessUnit[]): Buffer[] {
  const [first] = units;
  assert.ok(first?.keyframe, 'the first picture is no keyframe');
  const { status, stdout, stderr } = spawnSync(
    'ffmpeg',
    [
      ...['-v', 'warning', '-xerror', '-err_detect', 'explode', '-threads', '1'],
      ...['-probesize', '2G', '-f', 'h264', '-i', 'pipe:0', '-fps_mode', 'passthrough'],
      ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1'],
    ],
    { input: Buffer.concat(units.map((unit) => unit.data)), maxBuffer: 2 ** 31 },
  );
  assert.equal(stderr.toString(), '');
  assert.equal(status, 0);
  const size = (first.width * first.height * 3) / 2;
  assert.equal(stdout.length, units.length * size, `pictures of ${first.width}x${first.height}`);
  return units.map((_, index) => stdout.subarray(index * size, (index + 1) * size));
}
