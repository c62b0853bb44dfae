import assert from 'node:assert/strict';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import Type from 'typebox';
import { StartError } from '../../../server/errors.js';
import { type Logger, silentLogger } from '../../../server/logger.js';
import { atomicWrite } from '../../../server/store/atomic-write.js';
import { JsonFile } from '../../../server/store/json-file.js';
import { openStateDirectory } from '../../../server/store/state-directory.js';

const Schema = Type.Object(
  { count: Type.Integer(), ballast: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

describe('files of the store', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mykvm-store-'));
    path = join(directory, 'count.json');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('gives back what was saved, to a later start too', async () => {
    const file = new JsonFile(path, Schema, silentLogger);
    assert.equal(await file.load(), undefined);
    await file.save({ count: 1 });
    await file.save({ count: 2 });
    assert.deepEqual(await new JsonFile(path, Schema, silentLogger).load(), { count: 2 });
  });

  it('leaves only the file, which only its owner can read', async () => {
    await new JsonFile(path, Schema, silentLogger).save({ count: 1 });
    assert.deepEqual(await readdir(directory), ['count.json']);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  it('keeps the order of writes that are asked for at once', async () => {
    const file = new JsonFile(path, Schema, silentLogger);
    // The first would end last if they ran side by side.
    const first = file.save({ count: 1, ballast: 'x'.repeat(16 * 2 ** 20) });
    await Promise.all([first, ...[2, 3, 4, 5].map((count) => file.save({ count }))]);
    assert.deepEqual(await file.load(), { count: 5 });
  });

  for (const [what, content] of [
    ['cut off', '{"count": '],
    ['empty', ''],
    ['of another shape', '{"count": "one"}'],
    ['with a field that nobody knows', '{"count": 1, "extra": true}'],
  ] as const) {
    it(`keeps a file that is ${what} aside and says so`, async () => {
      await writeFile(path, content);
      const messages: string[] = [];
      const logger: Logger = { ...silentLogger, error: (_context, text) => messages.push(text) };
      const file = new JsonFile(path, Schema, logger);
      assert.equal(await file.load(), undefined);
      const [aside = '', ...others] = await readdir(directory);
      assert.deepEqual(others, []);
      assert.match(aside, /^count\.json\.corrupt-/);
      assert.equal(await readFile(join(directory, aside), 'utf8'), content);
      assert.equal(messages.length, 1);
      assert.ok(messages[0]?.includes(path) && messages[0].includes(aside));
      await file.save({ count: 3 });
      assert.equal((await readdir(directory)).length, 2);
    });
  }

  it('fails loudly when the file is there but cannot be read', async () => {
    await mkdir(path);
    await assert.rejects(new JsonFile(path, Schema, silentLogger).load(), (error: Error) => {
      assert.ok(error instanceof StartError);
      assert.equal(error.message, `The file ${path} cannot be read: it is a directory.`);
      return true;
    });
  });

  it('keeps the old content and no temporary file when a write fails', async () => {
    await mkdir(path);
    await assert.rejects(atomicWrite(path, 'new'));
    assert.deepEqual(await readdir(directory), ['count.json']);
  });

  it('goes on after a failed write', async () => {
    await mkdir(path);
    const file = new JsonFile(path, Schema, silentLogger);
    const first = file.save({ count: 1 });
    await assert.rejects(first);
    await rm(path, { recursive: true });
    await file.save({ count: 2 });
    assert.deepEqual(await file.load(), { count: 2 });
  });

  it('makes the state directory for its owner only', async () => {
    const state = join(directory, 'a', 'b');
    await openStateDirectory(state);
    assert.equal((await stat(state)).mode & 0o777, 0o700);
    await chmod(state, 0o755);
    await openStateDirectory(state);
    assert.equal((await stat(state)).mode & 0o777, 0o700);
  });

  it('names a state directory that cannot be', async () => {
    await writeFile(path, '');
    for (const wrong of [path, join(path, 'below')]) {
      await assert.rejects(openStateDirectory(wrong), (error: Error) => {
        assert.ok(error instanceof StartError);
        assert.match(
          error.message,
          /^The state directory .* is not writable: .*file.*--state-dir\.$/,
        );
        assert.ok(error.message.includes(wrong));
        return true;
      });
    }
  });

  it('says that no directory can be made in /proc, rather than trying for ever', async () => {
    await assert.rejects(
      openStateDirectory('/proc/mykvm/state'),
      /cannot be made there|permission/,
    );
  });

  it('follows a state directory that is a link', async () => {
    const real = join(directory, 'real');
    await mkdir(real);
    await symlink(real, join(directory, 'link'));
    await openStateDirectory(join(directory, 'link'));
  });
});
