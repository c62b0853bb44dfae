import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { freePort } from './free-port.js';
import { Program } from './program.js';
import { PASSWORD } from './test-unit.js';
import { until } from './until.js';

describe('process', () => {
  let directory: string;
  const programs: Program[] = [];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mykvm-process-'));
  });
  afterEach(async () => {
    for (const program of programs.splice(0)) await program.kill();
    await rm(directory, { recursive: true, force: true });
  });

  function run(args: string[], environment = {}, preload = ''): Program {
    const program = new Program(args, environment, preload);
    programs.push(program);
    return program;
  }

  const common = () => [
    '--target=simulated',
    '--listen=127.0.0.1',
    '--port=0',
    `--state-dir=${directory}`,
  ];
  const start = (...more: string[]) => run([...common(), ...more]);

  function call(url: URL, method: string, path: string, json?: unknown, cookie = '') {
    const body = json === undefined ? undefined : JSON.stringify(json);
    return new Promise<{ status: number; cookie: string; text: string }>((resolve, reject) => {
      const request = httpsRequest(
        new URL(path, url),
        {
          method,
          agent: false,
          // Made by the program a moment ago; its checks are tested elsewhere.
          rejectUnauthorized: false,
          headers: {
            ...(body === undefined
              ? {}
              : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
            ...(cookie ? { Cookie: cookie, Origin: url.origin } : {}),
          },
        },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () => {
            const set = response.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
            resolve({ status: response.statusCode ?? 0, cookie: set, text });
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`says where it listens in one line, and ends well on ${signal}`, async () => {
      const program = start();
      const url = await program.ready();
      assert.equal((await call(url, 'GET', '/api/status')).status, 200);
      program.child.kill(signal);
      assert.equal(await program.exit, 0, program.stderr);
      assert.equal(program.stdout, `MyKVM is ready: ${url.href}\n`);
      await assert.rejects(call(url, 'GET', '/'), { code: 'ECONNREFUSED' });
    });
  }

  it('does not start on the state directory of another one, and does when that is gone', async () => {
    const first = start();
    await first.ready();
    const second = start();
    assert.equal(await second.exit, 1);
    assert.match(
      second.lastLine,
      /Another MyKVM is running with the state directory .*--state-dir/,
    );
    await first.kill();
    await start().ready();
  });

  it('logs the claim code and nothing that anybody typed or signs in with', async () => {
    const program = start('--log-level=debug');
    const url = await program.ready();
    const code = /code ([0-9A-Z]{5}-[0-9A-Z]{5})/.exec(program.stderr)?.[1];
    assert.ok(code, program.stderr);
    const wrongCode = 'WRONG-CODE5';
    await call(url, 'POST', '/api/claim', { code: wrongCode, name: 'ada', password: PASSWORD });
    const claimed = await call(url, 'POST', '/api/claim', {
      code,
      name: 'ada',
      password: PASSWORD,
    });
    assert.equal(claimed.status, 200, claimed.text);
    const wrong = 'a wrong secret text';
    await call(url, 'POST', '/api/login', { name: 'ada', password: wrong });
    const bearer = await call(url, 'POST', '/api/login', {
      name: 'ada',
      password: PASSWORD,
      bearer: true,
    });
    const { token } = JSON.parse(bearer.text) as { token: string };
    await call(url, 'POST', '/api/login', `{"password": "${wrong}"`);
    await call(url, 'POST', `/api/whep?session=${token}`, { password: wrong }, claimed.cookie);
    const next = 'the next secret text';
    await call(url, 'POST', '/api/password', { current: PASSWORD, next }, claimed.cookie);
    await call(url, 'POST', '/api/logout', undefined, claimed.cookie);
    program.child.kill('SIGTERM');
    assert.equal(await program.exit, 0);
    assert.ok(program.stderr.includes('/api/password'), 'requests are logged at this level');
    assert.match(program.stderr, /"address":"127.0.0.1","error":"wrong-code".*claim refused/);
    assert.match(program.stderr, /claim accepted.*sign-in refused.*sign-in accepted/s);
    const cookieToken = claimed.cookie.split('=')[1] ?? '?';
    for (const secret of [PASSWORD, wrong, next, token, cookieToken, wrongCode]) {
      assert.ok(!program.stderr.includes(secret), `${secret} in ${program.stderr}`);
    }
  });

  it('stays claimed over a restart', async () => {
    const first = start();
    const url = await first.ready();
    const code = /code ([0-9A-Z]{5}-[0-9A-Z]{5})/.exec(first.stderr)?.[1];
    await call(url, 'POST', '/api/claim', { code, name: 'ada', password: PASSWORD });
    first.child.kill('SIGTERM');
    await first.exit;
    const second = start();
    const again = await second.ready();
    assert.ok(!/claim/.test(second.stderr), second.stderr);
    const { text } = await call(again, 'GET', '/api/status');
    const { certificateSha256 } = JSON.parse(text) as { certificateSha256: string };
    assert.ok(second.stderr.includes(certificateSha256), 'for users to compare');
    const login = await call(again, 'POST', '/api/login', { name: 'ada', password: PASSWORD });
    assert.equal(login.status, 200);
  });

  it('says in one sentence that the port is taken, with exit code 1', async () => {
    const url = await start().ready();
    const stateDir = join(directory, 'second');
    const second = start(`--port=${url.port}`, `--state-dir=${stateDir}`);
    assert.equal(await second.exit, 1);
    assert.equal(second.stdout, '');
    assert.match(second.lastLine, /^mykvm: Another program already listens on port \d+ of/);
  });

  it('says in one sentence what else keeps it from starting, with exit code 1', async () => {
    const file = join(directory, 'file');
    await writeFile(file, 'no PEM');
    for (const [args, sentence] of [
      [['--listen=192.0.2.77'], /^mykvm: This machine does not have the address 192.0.2.77/],
      [[`--state-dir=${file}`], /^mykvm: The state directory .* is not writable: it is a file/],
      [
        [`--cert=${file}`, `--key=${file}`],
        /^mykvm: The certificate .* is not a PEM certificate\.$/,
      ],
      [
        ['--cert=/nonexistent', '--key=/nonexistent'],
        /^mykvm: The certificate \/nonexistent cannot/,
      ],
      [['--encoder=/dev/video11'], /^mykvm: .*\/dev\/video11.* --encoder software\.$/],
    ] as const) {
      const program = start(...args);
      assert.equal(await program.exit, 1, program.stderr);
      assert.equal(program.stdout, '');
      assert.match(program.lastLine, sentence);
      assert.ok(!/\n\s+at /.test(program.stderr), 'no stack trace');
    }
  });

  it('reports every mistake in the flags, with exit code 2', async () => {
    const program = run(['--port', 'x', '--bogus'], { MYKVM_TARGET: 'vm' });
    assert.equal(await program.exit, 2);
    assert.equal(program.stdout, '');
    assert.equal(program.stderr.trim().split('\n').length, 3);
    for (const line of program.stderr.trim().split('\n')) assert.match(line, /^mykvm: /);
  });

  it('shows its help and its version on standard output', async () => {
    const help = run(['--help']);
    assert.equal(await help.exit, 0);
    assert.match(help.stdout, /^Usage: mykvm/);
    const version = run(['--version']);
    assert.equal(await version.exit, 0);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    assert.equal(help.stderr + version.stderr, '');
  });

  for (const [what, fault] of [
    ['an uncaught exception', "throw new Error('boom')"],
    ['an unhandled rejection', "Promise.reject(new Error('boom'))"],
  ] as const) {
    it(`closes after ${what}, says it once, and ends with exit code 70`, async () => {
      const program = run(common(), {}, `process.on('SIGUSR2', () => { ${fault} })`);
      await program.ready();
      program.child.kill('SIGUSR2');
      assert.equal(await program.exit, 70);
      assert.equal(program.stderr.match(/a fault in the program/g)?.length, 1);
      assert.match(program.stderr, /boom/);
    });
  }

  describe('with a part that does not close', () => {
    const stuck = "import https from 'node:https'; https.Server.prototype.close = () => {};";

    it('ends by itself', async () => {
      const program = run(common(), {}, stuck);
      await program.ready();
      program.child.kill('SIGTERM');
      assert.equal(await program.exit, 70);
      assert.match(program.stderr, /closing took too long/);
    });

    it('ends at once when asked again', async () => {
      const program = run(common(), {}, stuck);
      await program.ready();
      program.child.kill('SIGTERM');
      await until('it closes', () => program.stderr.includes('"signal":"SIGTERM"'));
      program.child.kill('SIGINT');
      assert.equal(await program.exit, 143);
    });
  });

  it('goes on when nobody reads its output', async () => {
    const port = await freePort();
    const program = start(`--port=${port}`);
    program.child.stdout?.destroy();
    const url = new URL(`https://127.0.0.1:${port}/`);
    const status = () => call(url, 'GET', '/api/status').catch(() => undefined);
    await until('it listens or ended', async () =>
      program.child.exitCode === null ? await status() : true,
    );
    // The line with the URL went nowhere before this reply came.
    assert.equal((await status())?.status, 200);
    program.child.kill('SIGTERM');
    assert.equal(await program.exit, 0, program.stderr);
  });
});
