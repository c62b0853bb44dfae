import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  formatBytes,
  formatDuration,
  formatFingerprint,
  formatKilobits,
  formatMode,
  formatNumber,
  formatShortMode,
} from '../../../client/src/elements/format.js';

describe('format', () => {
  test('bytes stay within five characters and never show a thousand of a unit', () => {
    const cases: Array<[number, string]> = [
      [0, '0 B'],
      [999, '999 B'],
      [1000, '1.0 k'],
      [99_949, '99.9 k'],
      [99_950, '100 k'],
      [999_499, '999 k'],
      [999_500, '1.0 M'],
      [186_400_000, '186 M'],
      [12_400_000_000, '12.4 G'],
      [5_000_000_000_000, '5.0 T'],
    ];
    for (const [bytes, text] of cases) assert.equal(formatBytes(bytes), text);
  });

  test('durations', () => {
    assert.equal(formatDuration(null), '--');
    assert.equal(formatDuration(0), '00:00:00');
    assert.equal(formatDuration(246.9), '00:04:06');
    assert.equal(formatDuration(360_000), '100:00:00');
  });

  test('unknown is never a zero', () => {
    assert.equal(formatNumber(null), '--');
    assert.equal(formatKilobits(null), '--');
    assert.equal(formatMode(0, 0, 60), '--');
    assert.equal(formatNumber(0, 1), '0.0');
    assert.equal(formatKilobits(6_420_400), '6420');
  });

  test('modes leave out an unknown rate', () => {
    assert.equal(formatMode(1920, 1080, 59.94), '1920x1080 60Hz');
    assert.equal(formatMode(720, 400, 0), '720x400');
    assert.equal(formatShortMode(1080, 59.94), '1080p60');
    assert.equal(formatShortMode(400, 0), '400p');
  });

  test('a fingerprint is read in rows of four groups, however it is written', () => {
    const rows = ['9C41 7B0E 52AF D316', 'E8F0'];
    assert.deepEqual(formatFingerprint('9c417b0e52afd316e8f0'), rows);
    assert.deepEqual(formatFingerprint('9C:41:7B:0E:52:AF:D3:16:E8:F0'), rows);
  });
});
