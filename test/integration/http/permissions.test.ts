import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeCertificate } from '../../../server/http/make-certificate.js';
import { ANOTHER_USER, shutOut } from '../another-user.js';
import { Program } from './program.js';

describe(`without permission${shutOut ? `: not run, because ${shutOut}` : ''}`, {
  skip: shutOut,
}, () => {
  let directory: string;
  let stateFlag: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mykvm-permissions-'));
    // Somebody makes the state directory in it.
    await chmod(directory, 0o777);
    stateFlag = `--state-dir=${join(directory, 'state')}`;
    const { cert, key } = await makeCertificate(['kvm.example'], new Date());
    await writeFile(join(directory, 'cert.pem'), cert);
    await writeFile(join(directory, 'key.pem'), key);
    for (const name of ['locked-key.pem', 'locked-config.json']) {
      await writeFile(join(directory, name), '{}');
      await chmod(join(directory, name), 0);
    }
  });
  after(() => rm(directory, { recursive: true }));

  /** What the program says before it ends, and with what. */
  async function outcome(...args: string[]): Promise<{ code: number | null; says: string }> {
    const common = ['--target=simulated', '--listen=127.0.0.1', '--port=0'];
    const program = new Program([...common, ...args], {}, '', ANOTHER_USER);
    try {
      const started = program.ready().then((url) => assert.fail(`it started: ${url}`));
      const code = await Promise.race([program.exit, started]);
      assert.equal(program.stdout, '');
      assert.ok(!/\n\s+at /.test(program.stderr), 'no stack trace');
      return { code, says: program.lastLine };
    } finally {
      await program.kill();
    }
  }

  it('names a state directory that it may not write to', async () => {
    assert.deepEqual(await outcome('--state-dir=/'), {
      code: 1,
      says: 'mykvm: The state directory / is not writable: there is no permission. Choose another one with --state-dir.',
    });
  });

  it('names a state directory that it may not make', async () => {
    const { code, says } = await outcome('--state-dir=/mykvm-state');
    assert.equal(code, 1);
    assert.match(says, /^mykvm: The state directory \/mykvm-state is not writable: there is no/);
  });

  it('does not keep keys where another user could change them', async () => {
    // Writable by all and root's, on every Debian.
    const { code, says } = await outcome('--state-dir=/var/tmp');
    assert.equal(code, 1);
    assert.match(says, /^mykvm: The state directory \/var\/tmp belongs to another user, who could/);
  });

  it('names a key that it may not read', async () => {
    const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'locked-key.pem')];
    assert.deepEqual(await outcome(`--cert=${cert}`, `--key=${key}`, stateFlag), {
      code: 1,
      says: `mykvm: The key ${key} cannot be read: there is no permission.`,
    });
  });

  it('names a configuration file that it may not read', async () => {
    const path = join(directory, 'locked-config.json');
    assert.deepEqual(await outcome(`--config=${path}`), {
      code: 2,
      says: `mykvm: --config: "${path}" cannot be read (EACCES); allowed: the path of a JSON file`,
    });
  });

  it('names a port that the kernel keeps for root', async () => {
    const path = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
    const firstForAll = Number(await readFile(path, 'utf8'));
    const port = Math.min(firstForAll, 1024) - 1;
    // Containers may keep none: then nobody is refused, and 0 is any port.
    if (port < 1) return assert.equal(firstForAll, 0);
    const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    const paths = [`--cert=${cert}`, `--key=${key}`, stateFlag];
    assert.deepEqual(await outcome(`--port=${port}`, ...paths), {
      code: 1,
      says: `mykvm: There is no permission to listen on port ${port} of 127.0.0.1; choose a port above 1023 with --port.`,
    });
  });
});
