import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { after, afterEach, before, test } from 'node:test';
import { promisify } from 'node:util';
import { until } from '../e2e/until.js';
import { ADDRESSES, type Firewall, Internet } from './internet.js';

// The test bed itself: what it says is blocked is blocked, and nothing of it is left.

let internet: Internet;
let echo: ChildProcess;
const callers = new Set<string>();

before(async () => {
  internet = await Internet.open();
  const [program, args] = internet.host.enter(process.execPath, ['-e', ECHO]);
  echo = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let listening = 0;
  createInterface({ input: echo.stdout as Readable }).on('line', (line) => {
    if (line === 'listening') listening += 1;
    else callers.add(line);
  });
  await until('all echoes to listen', () => listening === 4);
});

after(() => {
  echo?.kill('SIGKILL');
  internet?.close();
});

afterEach(() => internet.setFirewall('office', 'open'));

/** Echoes on the host, on all ports that the firewalls know of; writes the address of who calls by TCP. */
const ECHO = `
  const udp = require('node:dgram').createSocket('udp4');
  udp.on('message', (text, { address, port }) => udp.send(text, port, address));
  udp.bind(3478, () => console.log('listening'));
  for (const port of [443, 8443, 3478]) {
    require('node:net').createServer((socket) => {
      console.log(socket.remoteAddress);
      socket.on('error', () => {}).pipe(socket);
    }).listen(port, () => console.log('listening'));
  }`;

/** Says which of them answer. What has not answered after a second was swallowed. */
const CALL = `
  const answers = { udp: false, 443: false, 8443: false, 3478: false };
  const udp = require('node:dgram').createSocket('udp4');
  udp.on('message', () => { answers.udp = true; });
  udp.send('hello', 3478, '${ADDRESSES.host}');
  for (const port of [443, 8443, 3478]) {
    const socket = require('node:net').connect(port, '${ADDRESSES.host}', () => socket.write('hello'));
    socket.on('error', () => {}).on('data', () => { answers[port] = true; });
  }
  setTimeout(() => { console.log(JSON.stringify(answers)); process.exit(); }, 1000);`;

interface Answers {
  udp: boolean;
  443: boolean;
  8443: boolean;
  3478: boolean;
}

const EXPECTED: Record<Firewall, Answers> = {
  open: { udp: true, 443: true, 8443: true, 3478: true },
  'no-udp': { udp: false, 443: true, 8443: true, 3478: true },
  'web-only': { udp: false, 443: true, 8443: true, 3478: false },
  'page-only': { udp: false, 443: false, 8443: true, 3478: false },
  closed: { udp: false, 443: false, 8443: false, 3478: false },
};

for (const [firewall, expected] of Object.entries(EXPECTED)) {
  test(`a firewall that is ${firewall} lets through what it should`, async () => {
    await internet.setFirewall('office', firewall as Firewall);
    const [program, args] = internet.viewer.enter(process.execPath, ['-e', CALL]);
    const { stdout } = await promisify(execFile)(program, args);
    assert.deepEqual(JSON.parse(stdout), expected);
  });
}

test('the viewer hides behind the address of its router', () => {
  // Those that came through in the tests above.
  assert.ok(callers.size > 0);
  for (const caller of callers) assert.match(caller, new RegExp(`${ADDRESSES.office}$`));
});

/** Network namespaces of all processes that can be seen here. */
function namespaces(): Set<string> {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Set(
    all.flatMap((pid) => {
      try {
        return [readlinkSync(`/proc/${pid}/ns/net`)];
      } catch {
        return []; // It has ended.
      }
    }),
  );
}

test('networks are gone with a process that is killed', async () => {
  const before = namespaces();
  const program = `const { NetworkNamespace } = await import(${JSON.stringify(
    new URL('./namespace.js', import.meta.url).href,
  )});
    await NetworkNamespace.open(); await NetworkNamespace.open(); console.log('open'); setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(owner.stdout, 'data');
  assert.equal(namespaces().size, before.size + 2);
  owner.kill('SIGKILL');
  await until('the networks to be gone', () => namespaces().size === before.size);
});
