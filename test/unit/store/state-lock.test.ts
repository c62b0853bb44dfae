import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { StartError } from '../../../server/errors.js';
import { lockStateDirectory } from '../../../server/store/state-lock.js';

const MODULE = new URL('../../../server/store/state-lock.js', import.meta.url).href;

let directory: string;

/** Another process that holds the lock. */
async function otherProgram(): Promise<ChildProcess> {
  const program = `import { lockStateDirectory } from ${JSON.stringify(MODULE)};
    await lockStateDirectory(${JSON.stringify(directory)});
    setInterval(() => {}, 1000);
    process.stdout.write('locked');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('state lock', () => {
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mykvm-lock-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is held once, until it is closed', async () => {
    const first = await lockStateDirectory(directory);
    await assert.rejects(lockStateDirectory(directory), (error) => {
      assert.ok(error instanceof StartError);
      assert.match(error.message, /^Another MyKVM is running with the state directory .*: end it/);
      return true;
    });
    await first.close();
    await (await lockStateDirectory(directory)).close();
  });

  it('knows the directory under another name', async () => {
    const link = `${directory}-link`;
    await symlink(directory, link);
    const first = await lockStateDirectory(directory);
    await assert.rejects(lockStateDirectory(link), StartError);
    await first.close();
    await rm(link);
  });

  it('goes away with a process that is killed', async () => {
    const other = await otherProgram();
    await assert.rejects(lockStateDirectory(directory), StartError);
    other.kill('SIGKILL');
    await once(other, 'exit');
    await (await lockStateDirectory(directory)).close();
  });
});
