import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import { loadConfig } from '../../../server/config.js';
import { silentLogger } from '../../../server/logger.js';
import type { IceConfiguration } from '../../../server/protocol/ice-configuration.js';
import { parseIceUrl } from '../../../server/protocol/ice-url.js';
import { IceServers } from '../../../server/webrtc/ice-servers.js';
import { ownAddresses } from '../../../server/webrtc/own-addresses.js';
import { makeTurnLogin, TURN_LOGIN_LIFETIME_S } from '../../../server/webrtc/turn-login.js';

const RELAYED: IceConfiguration = {
  urls: ['stun:s.example', 'turn:t.example', 'turns:t.example'],
  username: null,
  password: null,
  secret: 'north',
  policy: 'all',
};

async function serversWith(kept: IceConfiguration | undefined, fixed: IceConfiguration | null) {
  const saved: IceConfiguration[] = [];
  const events: string[] = [];
  const servers = await IceServers.open({
    fixed,
    memory: { load: async () => kept, save: async (next) => void saved.push(next) },
    logger: silentLogger,
    changed: () => events.push('changed'),
    replaced: () => events.push('replaced'),
  });
  return { servers, saved, events };
}

test('addresses of servers are read as browsers read them', () => {
  const read = (text: string) => {
    const url = parseIceUrl(text);
    return url && [url.kind, url.host, url.port, url.transport].join(' ');
  };
  assert.equal(read('stun:s.example'), 'stun s.example 3478 udp');
  assert.equal(read('turn:10.0.0.1:80?transport=tcp'), 'turn 10.0.0.1 80 tcp');
  assert.equal(read('turns:t.example:443'), 'turn t.example 443 tls');
  assert.equal(read('turns:t.example?transport=tcp'), 'turn t.example 5349 tls');
  assert.equal(read('TURN:[2001:db8::1]'), 'turn 2001:db8::1 3478 udp');
  for (const wrong of ['stuns:a', 'turns:a?transport=udp', 'turn:a:0', 'turn:a:70000', 'turn:']) {
    assert.equal(read(wrong), undefined, wrong);
  }
  assert.equal(read('turn:a b'), undefined);
  assert.equal(read('turn:user@a'), undefined);
  assert.equal(read('stun:a?transport=tcp'), undefined);
});

test('a login is made of the shared secret as coturn checks it', () => {
  const { username, password } = makeTurnLogin('north', 'Ada L: x', 1_700_000_000_500);
  assert.equal(username, `${1_700_000_000 + TURN_LOGIN_LIFETIME_S}:Ada_L__x`);
  assert.equal(password, createHmac('sha1', 'north').update(username).digest('base64'));
});

test('viewers and the appliance get logins of their own; the secret stays inside', async () => {
  const { servers } = await serversWith(undefined, RELAYED);
  const [stun, udp, tls] = servers.forViewer('ada');
  assert.deepEqual(stun, { urls: ['stun:s.example'] });
  assert.match(udp?.username ?? '', /^\d+:ada$/);
  assert.equal(tls?.credential, udp?.credential);
  assert.match(servers.endpoints[1]?.login?.username ?? '', /^\d+:appliance$/);
  assert.equal(servers.endpoints[0]?.login, null);
  assert.ok(!JSON.stringify([servers.reply, servers.forViewer('ada')]).includes('north'));
  assert.equal(servers.reply.hasSecret, true);
});

test("the page's choice is kept, a secret that is left out stays, and a bad one is refused", async () => {
  const { servers, saved, events } = await serversWith(RELAYED, null);
  assert.equal(servers.reply.fixed, false);
  await servers.change({ urls: ['turn:u.example'], username: null, policy: 'relay' });
  assert.deepEqual(saved, [{ ...RELAYED, urls: ['turn:u.example'], policy: 'relay' }]);
  assert.equal(servers.policy, 'relay');
  assert.deepEqual(events, ['changed', 'replaced']);
  const noTurn = {
    urls: ['stun:s.example'],
    username: null,
    secret: null,
    policy: 'relay',
  } as const;
  await assert.rejects(servers.change({ ...noTurn, urls: [...noTurn.urls] }), {
    code: 'bad-ice-servers',
    message: /no TURN server that could be one/,
  });
  assert.deepEqual(servers.reply.urls, ['turn:u.example']);
  const { servers: fixed } = await serversWith(undefined, RELAYED);
  await assert.rejects(fixed.change({ urls: [], username: null, secret: null, policy: 'all' }), {
    code: 'bad-ice-servers',
  });
});

test('how a server answers is told once, until it changes', async () => {
  const { servers, events } = await serversWith(undefined, RELAYED);
  const url = 'turn:t.example';
  servers.report({ url, problem: 'turn:t.example does not answer.' });
  servers.report({ url, problem: 'turn:t.example does not answer.' });
  assert.deepEqual(servers.problems, ['turn:t.example does not answer.']);
  assert.deepEqual(events, ['changed']);
  servers.report({ url: 'turn:gone.example', problem: 'late' });
  servers.report({ url, problem: null });
  assert.deepEqual(servers.problems, []);
  assert.deepEqual(events, ['changed', 'changed']);
});

test('options that cannot work together are refused before anything starts', () => {
  const problem = (...args: string[]) => {
    const result = loadConfig(args, { HOME: '/home/ada' });
    return result.kind === 'problems' ? result.problems.join(' ') : result.kind;
  };
  const turn = '--ice-server=turn:t.example';
  assert.match(problem('--ice-policy=relay'), /^--ice-policy: .*no TURN server/);
  assert.match(problem(turn), /^--ice-server: a TURN server needs a login or a shared secret/);
  assert.match(problem(turn, '--turn-username=u'), /needs both user name and password/);
  assert.match(problem('--turn-secret=s'), /^--turn-secret: .*no TURN server/);
  assert.match(problem('--ice-server=http://t.example'), /--ice-server: .* is not allowed/);
  assert.match(problem('--ice-address=10.0.0.0/99'), /--ice-address: .* is not allowed/);
  assert.equal(problem(turn, '--turn-secret=s', '--ice-policy=relay'), 'config');
  assert.equal(problem('--ice-server=stun:s.example', '--ice-address', '!docker0'), 'config');
});

test('viewers are told the addresses that the rules allow', () => {
  const entry = (address: string, internal = false) =>
    ({ address, internal }) as NetworkInterfaceInfo;
  const interfaces = {
    lo: [entry('127.0.0.1', true), entry('::1', true)],
    eth0: [entry('192.168.1.5'), entry('2001:db8::5'), entry('fe80::1')],
    tun0: [entry('10.8.0.2')],
    docker0: [entry('172.17.0.1')],
  };
  const told = (...rules: string[]) => ownAddresses(rules, interfaces);
  assert.deepEqual(told(), ['192.168.1.5', '2001:db8::5', '10.8.0.2', '172.17.0.1']);
  assert.deepEqual(told('!docker0'), ['192.168.1.5', '2001:db8::5', '10.8.0.2']);
  assert.deepEqual(told('eth0', '!2000::/3'), ['192.168.1.5']);
  assert.deepEqual(told('10.0.0.0/8', '192.168.1.5'), ['192.168.1.5', '10.8.0.2']);
  assert.deepEqual(told('127.0.0.1'), ['127.0.0.1']);
});
