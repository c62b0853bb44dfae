import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ANOTHER_USER, shutOut } from './another-user.js';

const PROGRAM = fileURLToPath(new URL('../../server/usb-service.js', import.meta.url));

/** Only what ends before anything is touched: a USB gadget of this machine stays as it is. */
function run(args: string[], user = {}) {
  const spawned = spawnSync(process.execPath, [PROGRAM, ...args], { ...user, encoding: 'utf8' });
  return { status: spawned.status, stdout: spawned.stdout, stderr: spawned.stderr };
}

describe('mykvm-usb', () => {
  it('tells how it is used, and its version', () => {
    const { status, stdout } = run(['--help']);
    assert.equal(status, 0);
    assert.match(stdout, /--socket PATH[\s\S]*--group NAME/);
    assert.match(run(['--version']).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  const wrong: Array<[string, string[], RegExp]> = [
    ['no socket', ['--group', 'usb'], /--socket/],
    ['a socket that is no absolute path', ['--socket', 'usb', '--group', 'usb'], /absolute/],
    ['no group', ['--socket', '/run/x'], /--group/],
    ['an unknown flag', ['--shell'], /--shell/],
  ];
  for (const [what, args, reason] of wrong) {
    it(`refuses ${what} with exit code 2`, () => {
      const { status, stderr } = run(args);
      assert.equal(status, 2);
      assert.match(stderr, /^mykvm-usb: .*; see --help\n$/);
      assert.match(stderr, reason);
    });
  }

  const unprivileged = `refuses to run without privileges${shutOut ? `: not run, because ${shutOut}` : ''}`;
  it(unprivileged, { skip: shutOut }, () => {
    const { status, stderr } = run(['--socket', '/run/x', '--group', '0'], ANOTHER_USER);
    assert.equal(status, 1);
    assert.equal(stderr, 'mykvm-usb: mykvm-usb must run as root.\n');
  });
});
