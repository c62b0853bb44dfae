import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { GADGET_ROOT } from '../../../server/hid/configfs-gadget.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { until } from '../../e2e/until.js';
import { GadgetRig, hostInput, PRODUCT } from './gadget-rig.js';
import { hostDevice } from './host-input.js';

const A = 0x04;
const B = 0x05;
/** Nobody, and a group that is not theirs. */
const UID = 65534;
const GROUP = 4711;
const SOCKET = '/run/mykvm-usb/socket';

let service: ChildProcess;

const SERVICE = fileURLToPath(new URL('../../../server/usb-service.js', import.meta.url));

async function startService(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [SERVICE, '--socket', SOCKET, '--group', String(GROUP)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Its one line says that it listens.
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

/** A MyKVM without privileges, and all that it has said. */
async function startClient(
  t: TestContext,
  gid: number,
): Promise<{ child: ChildProcess; said: string[] }> {
  const child = fork(new URL('./unprivileged-process.js', import.meta.url), { uid: UID, gid });
  t.after(() => child.kill('SIGKILL'));
  const said: string[] = [];
  child.on('message', (message) => void said.push(String(message)));
  await until(
    'the process',
    () => said.includes(`user ${UID}`),
    () => said.join('; '),
  );
  return { child, said };
}

async function untilSaid(said: string[], last: string): Promise<void> {
  await until(
    `"${last}"`,
    () => said.at(-1) === last,
    () => said.join('; '),
  );
}

before(async () => {
  mkdirSync('/run/mykvm-usb', { mode: 0o755 });
  service = await startService();
});
after(() => service.kill('SIGKILL'));

test('a process without privileges types through the gadget that the service makes, and is unplugged with it', async (t) => {
  const { child, said } = await startClient(t, GROUP);
  await untilSaid(said, 'state configured');
  const host = await hostInput(t, 'keyboard');
  child.send(A);
  await host.untilIncludes('KEY_A 1');
  const nodes = readdirSync('/dev').filter((name) => /^hidg\d+$/.test(name));
  assert.equal(nodes.length, HID_FUNCTIONS.length);
  for (const name of nodes) {
    const { mode, uid, gid } = statSync(`/dev/${name}`);
    assert.deepEqual([mode & 0o777, uid, gid], [0o660, 0, GROUP], name);
  }
  // With A held down: nobody is left to release it but the service.
  child.kill('SIGKILL');
  await until('the gadget to be removed', () => hostDevice(PRODUCT) === null);
  await until('an empty configfs', () => readdirSync(GADGET_ROOT).length === 0);
});

test('an orderly end removes the gadget, and the next process gets one', async (t) => {
  for (let round = 0; round < 2; round++) {
    const { child, said } = await startClient(t, GROUP);
    await untilSaid(said, 'state configured');
    const exit = once(child, 'exit');
    child.send('close');
    assert.deepEqual(await exit, [0, null]);
    assert.deepEqual(readdirSync(GADGET_ROOT), []);
  }
});

test('who is not in the group is told so, and gets nothing', async (t) => {
  const { said } = await startClient(t, UID);
  const refusal =
    /^no USB keyboard and mouse: No permission for \/run\/mykvm-usb\/socket: .* group/;
  assert.ok(
    said.some((line) => refusal.test(line)),
    said.join('; '),
  );
  await untilSaid(said, 'state unbound');
  assert.deepEqual(readdirSync(GADGET_ROOT), []);
});

test('a service that was killed and started again: what it left is removed, and the keyboard comes back', async (t) => {
  const { child, said } = await startClient(t, GROUP);
  await untilSaid(said, 'state configured');
  const killed = once(service, 'exit');
  service.kill('SIGKILL');
  await killed;
  // The gadget is still there, and so is the keyboard.
  const host = await hostInput(t, 'keyboard');
  child.send(A);
  await host.untilIncludes('KEY_A 1');
  child.send(-A);
  await host.untilLast('KEY_A 0');
  const heard = said.length;
  service = await startService();
  await until(
    'the gadget to be lost',
    () => said.slice(heard).includes('state unbound'),
    () => said.join('; '),
  );
  await untilSaid(said, 'state configured');
  const again = await hostInput(t, 'keyboard');
  child.send(B);
  await again.untilIncludes('KEY_B 1');
});

test('a second service, on a socket of its own, and a MyKVM that is root leave the keyboard to its owner', async (t) => {
  const { child, said } = await startClient(t, GROUP);
  await untilSaid(said, 'state configured');
  const host = await hostInput(t, 'keyboard');
  const args = ['--socket', '/run/mykvm-usb/second', '--group', String(GROUP)];
  const second = spawnSync(process.execPath, [SERVICE, ...args], { encoding: 'utf8' });
  assert.deepEqual(
    [second.status, second.stderr],
    [
      1,
      'mykvm-usb: Another mykvm-usb, or a MyKVM that runs as root, has the USB gadget of this machine: end it first.\n',
    ],
  );
  const rig = new GadgetRig();
  await rig.keeper.start();
  assert.match(rig.keeper.problem ?? '', /^Another MyKVM has the USB gadget of this machine/);
  assert.equal(rig.port.state, 'busy');
  await rig.close();
  child.send(A);
  await host.untilIncludes('KEY_A 1');
  assert.deepEqual(readdirSync('/run/mykvm-usb'), ['socket']);
});

test('a process ends in order while its service is dead, and says what stays behind', async (t) => {
  const { child, said } = await startClient(t, GROUP);
  await untilSaid(said, 'state configured');
  const killed = once(service, 'exit');
  service.kill('SIGKILL');
  await killed;
  const heard = said.length;
  const exit = once(child, 'exit');
  child.send('close');
  assert.deepEqual(await exit, [0, null]);
  const warnings = said.slice(heard).filter((line) => !line.startsWith('state '));
  assert.equal(warnings.length, 1, said.join('; '));
  assert.match(warnings[0] ?? '', /^the USB gadget stays behind: The USB service has ended/);
  assert.notDeepEqual(readdirSync(GADGET_ROOT), []);
  service = await startService();
  assert.deepEqual(readdirSync(GADGET_ROOT), []);
});

test('SIGTERM ends the service, its gadget and its socket', async (t) => {
  const { said } = await startClient(t, GROUP);
  await untilSaid(said, 'state configured');
  const exit = once(service, 'exit');
  service.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
  assert.deepEqual(readdirSync(GADGET_ROOT), []);
  assert.deepEqual(readdirSync('/run/mykvm-usb'), []);
});
