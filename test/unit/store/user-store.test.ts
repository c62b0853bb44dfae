import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { silentLogger } from '../../../server/logger.js';
import { type PasswordRecord, UserStore } from '../../../server/store/user-store.js';

const RECORD: PasswordRecord = {
  algorithm: 'scrypt',
  n: 16384,
  r: 8,
  p: 1,
  salt: 'c2FsdHNhbHRzYWx0c2FsdA==',
  hash: 'aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g=',
};

describe('user store', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mykvm-users-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('is claimed by its first user and stays so', async () => {
    const store = await UserStore.open(directory, silentLogger);
    assert.equal(store.claimed, false);
    await store.claim('ada', RECORD);
    assert.equal(store.claimed, true);
    const again = await UserStore.open(directory, silentLogger);
    assert.equal(again.claimed, true);
    assert.deepEqual(again.find('ada'), RECORD);
    assert.equal(again.find('bob'), undefined);
    await assert.rejects(again.claim('bob', RECORD), { code: 'already-claimed' });
  });

  it('has one owner when two claim at the same time', async () => {
    const store = await UserStore.open(directory, silentLogger);
    const results = await Promise.allSettled([
      store.claim('ada', RECORD),
      store.claim('bob', RECORD),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    assert.equal(store.find('bob'), undefined);
  });

  it('is not claimed when the disk refuses', async () => {
    await mkdir(join(directory, 'users.json.taken'));
    const store = await UserStore.open(directory, silentLogger);
    await mkdir(join(directory, 'users.json'));
    await assert.rejects(store.claim('ada', RECORD));
    assert.equal(store.claimed, false);
    await rm(join(directory, 'users.json'), { recursive: true });
    await store.claim('ada', RECORD);
  });

  it('changes passwords of users that it has', async () => {
    const store = await UserStore.open(directory, silentLogger);
    await store.claim('ada', RECORD);
    const next = { ...RECORD, salt: 'b3RoZXJvdGhlcm90aGVyb3Q=' };
    const old = store.find('ada');
    assert.ok(old);
    await store.replacePassword('ada', old, next);
    assert.deepEqual((await UserStore.open(directory, silentLogger)).find('ada'), next);
    await assert.rejects(store.replacePassword('ada', old, next), { code: 'wrong-password' });
    await assert.rejects(store.replacePassword('bob', next, next), { code: 'wrong-password' });
  });

  it('refuses scrypt parameters that would take more memory than the board has', async () => {
    const users = [{ name: 'ada', password: { ...RECORD, n: 2 ** 24 } }];
    await writeFile(join(directory, 'users.json'), JSON.stringify({ version: 1, users }));
    const store = await UserStore.open(directory, silentLogger);
    assert.equal(store.claimed, false);
    assert.match((await readdir(directory))[0] ?? '', /corrupt/);
  });

  it('never writes a password', async () => {
    const store = await UserStore.open(directory, silentLogger);
    await store.claim('ada', RECORD);
    const text = await readFile(join(directory, 'users.json'), 'utf8');
    const ada = { name: 'ada', password: RECORD, role: 'owner' };
    assert.deepEqual(JSON.parse(text), { version: 1, users: [ada] });
  });
});
