import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lockFile } from '../../../server/hid/file-lock.js';

const MODULE = fileURLToPath(new URL('../../../server/hid/file-lock.js', import.meta.url));

describe('the lock on a file', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mykvm-lock-'));
    path = join(directory, 'lock');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is had by one, then by the next', async () => {
    const first = await lockFile(path);
    assert.ok(first);
    assert.equal(await lockFile(path), null);
    first.release();
    const second = await lockFile(path);
    assert.ok(second);
    assert.equal(await lockFile(path), null);
    second.release();
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  it('goes with a process that is killed', async () => {
    const script = `(await import(${JSON.stringify(MODULE)})).lockFile(${JSON.stringify(path)}).then(() => {
      process.stdout.write('locked');
      setInterval(() => {}, 1000);
    })`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    assert.equal(await lockFile(path), null);
    const exit = once(holder, 'exit');
    holder.kill('SIGKILL');
    await exit;
    const lock = await lockFile(path);
    assert.ok(lock);
    lock.release();
  });

  it('follows no link that somebody put there', async () => {
    await symlink(join(directory, 'elsewhere'), path);
    await assert.rejects(lockFile(path), { code: 'ELOOP' });
  });
});
