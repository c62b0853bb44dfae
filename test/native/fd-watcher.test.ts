import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createFdWatcher, type FdEvents, type FdWatcher } from '../../native/index.js';

const DEADLINE_MS = 30_000;

describe('the watcher of descriptors', () => {
  let folder: string;
  let told: Array<{ fd: number; events: Required<FdEvents> }>;
  const open: number[] = [];
  const watchers: FdWatcher[] = [];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mykvm-fifo-'));
  });
  beforeEach(() => {
    told = [];
  });
  after(() => {
    for (const watcher of watchers) watcher.close();
    for (const fd of open) closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  /** A FIFO that is its own other end: what is written to it can be read from it. */
  function fifo(name: string): number {
    const path = join(folder, name);
    execFileSync('mkfifo', [path]);
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    open.push(fd);
    return fd;
  }

  function watcher(): FdWatcher {
    const made = createFdWatcher((fd, events) => void told.push({ fd, events }));
    watchers.push(made);
    return made;
  }

  async function until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!condition()) {
      assert.ok(Date.now() < deadline, 'the condition was not met in time');
      await nextTurn();
    }
  }

  it('tells once that there are bytes, and again when it is asked again', async () => {
    const fd = fifo('read');
    const watched = watcher();
    watched.watch(fd, { read: true });
    writeSync(fd, 'a');
    await until(() => told.length === 1);
    assert.deepEqual(told, [{ fd, events: { read: true, write: false, priority: false } }]);
    // A second descriptor that is ready shows that nothing more came for the first one before it.
    const other = fifo('read-other');
    writeSync(fd, 'b');
    writeSync(other, 'x');
    watched.watch(other, { read: true });
    await until(() => told.length > 1);
    assert.deepEqual(
      told.map((one) => one.fd),
      [fd, other],
    );
    watched.watch(fd, { read: true });
    await until(() => told.length === 3);
    assert.equal(told[2]?.fd, fd);
  });

  it('tells of room to write only when there is some', async () => {
    const fd = fifo('write');
    const watched = watcher();
    const block = Buffer.alloc(4096);
    assert.throws(() => {
      for (;;) writeSync(fd, block);
    }, /EAGAIN/);
    const sign = fifo('write-sign');
    watched.watch(fd, { write: true });
    watched.watch(sign, { write: true });
    await until(() => told.length === 1);
    assert.equal(told[0]?.fd, sign);
    readSync(fd, block);
    await until(() => told.length === 2);
    assert.deepEqual(told[1], { fd, events: { read: false, write: true, priority: false } });
  });

  it('tells nothing of a descriptor that was forgotten, even when the news was under way', async () => {
    const fd = fifo('forget');
    const sign = fifo('forget-sign');
    const watched = watcher();
    writeSync(fd, 'a');
    watched.watch(fd, { read: true });
    // The thread has told by now or will soon; this thread has not heard it in either case.
    watched.forget(fd);
    watched.watch(sign, { write: true });
    await until(() => told.length > 0);
    assert.deepEqual(
      told.map((one) => one.fd),
      [sign],
    );
  });

  it('takes the last thing asked for', async () => {
    const fd = fifo('last');
    const watched = watcher();
    watched.watch(fd, { write: true });
    watched.watch(fd, { read: true });
    writeSync(fd, 'a');
    await until(() => told.length > 0);
    assert.deepEqual(told, [{ fd, events: { read: true, write: false, priority: false } }]);
  });

  it('refuses what cannot be waited for', () => {
    const watched = watcher();
    const plain = openSync(join(folder, 'plain'), 'w');
    open.push(plain);
    assert.throws(() => watched.watch(plain, { read: true }), { code: 'EPERM' });
    assert.throws(() => watched.watch(1_000_000, { read: true }), { code: 'EBADF' });
    assert.throws(() => watched.watch(-1, { read: true }), { code: 'ERR_OUT_OF_RANGE' });
    assert.throws(() => createFdWatcher(null as never), { code: 'ERR_INVALID_ARG_TYPE' });
  });

  it('is closed once and for all', () => {
    const watched = watcher();
    watched.close();
    watched.close();
    watched.forget(0);
    assert.throws(() => watched.watch(0, { read: true }), { code: 'ERR_FD_WATCHER_CLOSED' });
  });

  it('keeps no process alive and ends with it', () => {
    const url = new URL('../../native/index.js', import.meta.url).href;
    const script = `const { createFdWatcher } = await import(${JSON.stringify(url)});
      globalThis.kept = createFdWatcher(() => {}); kept.watch(0, { read: true });`;
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      stdio: ['pipe', 'inherit', 'inherit'],
      timeout: DEADLINE_MS,
    });
    assert.equal(ended.status, 0);
  });

  it('can be closed by what it tells', async () => {
    const fd = fifo('close');
    let calls = 0;
    const watched = createFdWatcher(() => {
      calls += 1;
      watched.close();
    });
    watched.watch(fd, { write: true });
    await until(() => calls > 0);
    assert.equal(calls, 1);
  });
});
