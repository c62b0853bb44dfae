import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { faultyDriver } from './faulty-driver.js';
import { rawPicture } from './raw-picture.js';
import { resetVivid } from './vivid.js';

const PROCESS = fileURLToPath(new URL('no-export-process.js', import.meta.url));

beforeEach(resetVivid);

/** What a process sees whose capture driver cannot export. */
function captureWithoutExport(): { copied: number; pictures: string[]; notices: string[] } {
  const env = faultyDriver('no-export');
  return JSON.parse(execFileSync(process.execPath, [PROCESS], { env, encoding: 'utf8' }));
}

test('a driver that cannot export captures into memory of the heap, which the encoder reads: no copy, bit-exact', () => {
  const expected = createHash('sha256').update(rawPicture('YU12')).digest('hex');
  assert.equal(existsSync('/dev/dma_heap'), false);
  const without = captureWithoutExport();
  assert.ok(without.copied >= 8, `${without.copied} copied`);
  assert.ok(without.notices.some((notice) => /copied/.test(notice)));
  // For good: the kernel has no way to take its heaps away.
  execFileSync('modprobe', ['test_dma_heap']);
  const withHeap = captureWithoutExport();
  assert.equal(withHeap.copied, 0);
  assert.ok(withHeap.notices.every((notice) => !/copied/.test(notice)));
  for (const { pictures } of [without, withHeap]) {
    assert.ok(pictures.length >= 8);
    assert.deepEqual(new Set(pictures), new Set([expected]));
  }
});
