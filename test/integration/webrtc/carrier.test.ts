import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';
import { test } from 'node:test';
import type { Peer } from '../../../server/webrtc/peer.js';
import { iceSource } from '../../fakes/ice-source.js';
import { bindingRequest } from './binding-request.js';
import { connectViewer, createTestFactory } from './connected-viewer.js';
import { readPictures } from './pictures.js';
import { RecordingOwner } from './recording-owner.js';
import { RtcViewer } from './rtc-viewer.js';

test('messages and bytes pass on both lanes, both ways', async (t) => {
  const { viewer, carrier, owner } = await connectViewer(t, createTestFactory(t));
  assert.equal(carrier.interactive, true);
  carrier.sendMessage({ type: 'hello', protocol: 1, session: 's', viewer: 'v', inputEpoch: 3 });
  carrier.sendBinary(new Uint8Array([1, 2, 3]), 'reliable');
  await viewer.changed.until('the fast lane is open', () => viewer.fast?.isOpen() === true);
  viewer.reliable?.sendMessage('{"type":"take-control"}');
  viewer.reliable?.sendMessageBinary(Buffer.from([4]));
  viewer.fast?.sendMessageBinary(Buffer.from([5]));
  await owner.changed.until('all have come', () => owner.binary.length === 2);
  carrier.sendBinary(new Uint8Array([9]), 'fast');
  await viewer.changed.until('all have come', () => viewer.binary.length === 2);
  assert.deepEqual(
    viewer.texts.map((text) => JSON.parse(text)),
    [{ type: 'hello', protocol: 1, session: 's', viewer: 'v', inputEpoch: 3 }],
  );
  assert.deepEqual(
    viewer.binary.map(({ bytes, lane }) => [lane, ...bytes]),
    [
      ['kvm.reliable', 1, 2, 3],
      ['kvm.fast', 9],
    ],
  );
  assert.deepEqual(owner.messages, [{ type: 'take-control' }]);
  const binary = owner.binary.map(({ bytes, lane }) => `${lane} ${bytes[0]}`).sort();
  assert.deepEqual(binary, ['fast 5', 'reliable 4']);
});

for (const [name, send] of [
  ['no JSON', (viewer: RtcViewer) => viewer.reliable?.sendMessage('{')],
  ['an unknown message', (viewer: RtcViewer) => viewer.reliable?.sendMessage('{"type":"x"}')],
] as const) {
  test(`${name} ends the carrier with protocol-error`, async (t) => {
    const { viewer, carrier, owner } = await connectViewer(t, createTestFactory(t));
    send(viewer);
    await owner.changed.until('the carrier is closed', () => owner.closed.length > 0);
    assert.deepEqual(owner.closed, ['protocol-error']);
    carrier.sendMessage({ type: 'end', error: 'internal' });
    assert.deepEqual(owner.messages, []);
  });
}

test('a standard player without data channels watches', async (t) => {
  const { carrier, owner } = await connectViewer(t, createTestFactory(t), { interactive: false });
  assert.equal(carrier.interactive, false);
  assert.deepEqual(owner.closed, []);
});

test('close tells the viewer why, ends its association, and is heard once', async (t) => {
  const factory = createTestFactory(t);
  const { viewer, carrier, owner } = await connectViewer(t, factory);
  carrier.close('logged-out');
  carrier.close('internal');
  assert.deepEqual(owner.closed, []);
  await viewer.changed.until('the viewer knows', () => viewer.texts.length > 0);
  assert.deepEqual(JSON.parse(viewer.texts[0] ?? ''), { type: 'end', error: 'logged-out' });
  await viewer.changed.until('the association ended', () => viewer.state === 'closed');
  assert.deepEqual(owner.closed, ['logged-out']);
  await factory.close();
  assert.equal(factory.peerCount, 0);
  assert.deepEqual(owner.closed, ['logged-out']);
});

test('a viewer that closes is noticed by its close_notify', async (t) => {
  const factory = createTestFactory(t, { silenceTimeoutMs: 3_600_000 });
  const { viewer, owner } = await connectViewer(t, factory);
  viewer.close();
  await owner.changed.until('the carrier is closed', () => owner.closed.length > 0);
  assert.deepEqual(owner.closed, ['session-ended']);
});

for (const interactive of [true, false]) {
  const who = interactive ? 'a page' : 'a standard player';
  test(`${who} that went silent is dead, one that only watches a still picture is not`, async (t) => {
    const factory = createTestFactory(t, { silenceTimeoutMs: 1000 });
    const still = await connectViewer(t, factory, { interactive });
    const { wire, owner } = await connectViewer(t, factory, { interactive });
    wire.muted = true;
    await owner.changed.until('the carrier is closed', () => owner.closed.length > 0);
    assert.deepEqual(owner.closed, ['heartbeat-missed']);
    assert.deepEqual(still.owner.closed, []);
  });
}

test('a viewer that never connects is given up', async (t) => {
  const factory = createTestFactory(t, { connectTimeoutMs: 200 });
  const viewer = new RtcViewer();
  t.after(() => viewer.close());
  const owner = new RecordingOwner();
  await factory.answer(await viewer.offer(), owner);
  await owner.changed.until('the carrier is closed', () => owner.closed.length > 0);
  assert.deepEqual(owner.closed, ['connect-failed']);
  assert.equal(owner.opened, 0);
});

test('werift pitfall: its default STUN server; without servers no name is looked up and nothing leaves', async (t) => {
  const lookups: string[] = [];
  const targets = new Set<string>();
  const { lookup } = dns;
  const { send } = dgram.Socket.prototype;
  t.after(() => {
    dns.lookup = lookup;
    dgram.Socket.prototype.send = send;
  });
  dns.lookup = new Proxy(lookup, {
    apply(target, self, args: [string]) {
      lookups.push(args[0]);
      return Reflect.apply(target, self, args);
    },
  });
  dgram.Socket.prototype.send = new Proxy(send, {
    apply(target, self, args: unknown[]) {
      targets.add(String(args[2]));
      return Reflect.apply(target, self, args);
    },
  });
  const resolve = dns.promises.lookup;
  dns.promises.lookup = new Proxy(resolve, {
    apply(target, self, args: [string]) {
      lookups.push(args[0]);
      return Reflect.apply(target, self, args);
    },
  });
  // werift imported these functions by name.
  syncBuiltinESMExports();
  t.after(() => {
    dns.promises.lookup = resolve;
    syncBuiltinESMExports();
  });
  const { carrier } = await connectViewer(t, createTestFactory(t));
  // Node looks addresses up too, without asking anybody.
  assert.deepEqual(
    lookups.filter((name) => isIP(name) === 0),
    [],
  );
  assert.deepEqual([...targets], ['127.0.0.1']);
  assert.doesNotMatch(carrier.answerSdp, /typ srflx/);
});

test('a configured STUN server is asked after the answer, and its candidate is told later', async (t) => {
  const server = dgram.createSocket('udp4');
  t.after(() => server.close());
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const requests: Array<{ datagram: Buffer; port: number }> = [];
  server.on('message', (datagram, { port }) => requests.push({ datagram, port }));
  const factory = createTestFactory(t, {
    ice: iceSource([`stun:127.0.0.1:${server.address().port}`]),
  });
  const viewer = new RtcViewer();
  t.after(() => viewer.close());
  const carrier = await factory.answer(await viewer.offer(), new RecordingOwner());
  // The server has not answered yet: nobody waited for it.
  assert.doesNotMatch(carrier.answerSdp, /typ srflx/);
  if (requests.length === 0) await once(server, 'message');
  const late = new Promise<string>((resolve) => carrier.onLocalCandidate(resolve));
  for (const { datagram, port } of requests) server.send(mappedTo203(datagram), port, '127.0.0.1');
  server.on('message', (datagram, { port }) =>
    server.send(mappedTo203(datagram), port, '127.0.0.1'),
  );
  assert.match(await late, /^a=candidate:.* 203\.0\.113\.7 4660 typ srflx/);
  // A listener that comes later hears of it too.
  const again = new Promise<string>((resolve) => carrier.onLocalCandidate(resolve));
  assert.equal(await again, await late);
});

/** Binding success (RFC 8489) that maps the sender to 203.0.113.7:4660. */
function mappedTo203(request: Buffer): Buffer {
  const address = Buffer.from([0, 0x20, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0]);
  address.writeUInt16BE(4660 ^ 0x2112, 6);
  address.writeUInt32BE((0xcb007107 ^ 0x2112a442) >>> 0, 8);
  return Buffer.concat([Buffer.from([1, 1, 0, address.length]), request.subarray(4, 20), address]);
}

test('werift pitfall: unauthenticated STUN; only checks that know the password are answered', async (t) => {
  const factory = createTestFactory(t);
  const viewer = new RtcViewer();
  t.after(() => viewer.close());
  const { answerSdp } = await factory.answer(await viewer.offer(), new RecordingOwner());
  const port = Number(/ 127\.0\.0\.1 (\d+) typ host/.exec(answerSdp)?.[1]);
  const ufrag = /a=ice-ufrag:(\S+)/.exec(answerSdp)?.[1] ?? '';
  const pwd = /a=ice-pwd:(\S+)/.exec(answerSdp)?.[1] ?? '';
  const socket = dgram.createSocket('udp4');
  t.after(() => socket.close());
  const answers: number[] = [];
  socket.on('message', (datagram) => answers.push(datagram[19] ?? 0));
  const wrong = [
    bindingRequest(1, 'nobody', pwd),
    bindingRequest(2, ufrag, 'another-password-of-22-ch'),
    bindingRequest(3, '__proto__', pwd),
    bindingRequest(4, ufrag, pwd).subarray(0, 36),
  ];
  for (const datagram of wrong) socket.send(datagram, port, '127.0.0.1');
  socket.send(bindingRequest(5, ufrag, pwd), port, '127.0.0.1');
  while (!answers.includes(5)) await once(socket, 'message');
  assert.ok(
    answers.every((id) => id === 5),
    String(answers),
  );
});

test('only the configured UDP ports are used, by viewers that come at the same time too', async (t) => {
  const factory = createTestFactory(t, { udpPorts: { first: 42_500, last: 42_539 } });
  const viewers = [0, 1, 2].map(() => new RtcViewer());
  t.after(() => {
    for (const viewer of viewers) viewer.close();
  });
  const carriers = await Promise.all(
    viewers.map(async (viewer) => factory.answer(await viewer.offer(), new RecordingOwner())),
  );
  const ports = carriers.flatMap(({ answerSdp }) =>
    [...answerSdp.matchAll(/a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/g)].map(
      ([, address = '', port]) => `${address.includes(':') ? 'v6' : 'v4'} ${port}`,
    ),
  );
  assert.ok(ports.length >= 3);
  assert.equal(new Set(ports).size, ports.length);
  for (const port of ports) assert.match(port, /^v[46] 425[0-3]\d$/);
});

test('without a free UDP port the appliance is busy', async (t) => {
  const taken = dgram.createSocket('udp4');
  const taken6 = dgram.createSocket({ type: 'udp6', ipv6Only: true });
  t.after(() => {
    taken.close();
    taken6.close();
  });
  taken.bind(0);
  await once(taken, 'listening');
  const { port } = taken.address();
  taken6.bind(port);
  await once(taken6, 'listening');
  const factory = createTestFactory(t, { udpPorts: { first: port, last: port } });
  const viewer = new RtcViewer();
  t.after(() => viewer.close());
  await assert.rejects(factory.answer(await viewer.offer(), new RecordingOwner()), {
    code: 'busy',
  });
  assert.equal(factory.peerCount, 0);
});

test('werift pitfall: end-of-candidates with only .local candidates; the viewer connects all the same', async (t) => {
  const factory = createTestFactory(t);
  const viewer = new RtcViewer();
  t.after(() => viewer.close());
  const owner = new RecordingOwner();
  const local =
    'a=candidate:1 1 UDP 2122252543 0b2c9a4e-9d1f-4b8e-8d3a-3f1c5f1a2b3c.local 51234 typ host';
  const offer = (await viewer.offer())
    .replace(/a=candidate:[^\r\n]*/, local)
    .replace(/a=candidate:(?!1 1 UDP)[^\r\n]*\r\n/g, '');
  assert.match(offer, /\.local/);
  assert.match(offer, /a=end-of-candidates/);
  const carrier = await factory.answer(offer, owner);
  viewer.accept(carrier.answerSdp);
  await owner.changed.until('the carrier is open', () => owner.opened === 1);
  assert.deepEqual(owner.closed, []);
});

test('trickle: candidates come after the offer; bad ones and those of another session are refused', async (t) => {
  const factory = createTestFactory(t);
  const viewer = new RtcViewer();
  t.after(() => viewer.close());
  const offer = await viewer.offer();
  const candidate = /a=candidate:[^\r\n]*/.exec(offer)?.[0] ?? '';
  const ufrag = /a=ice-ufrag:(\S+)/.exec(offer)?.[1];
  const owner = new RecordingOwner();
  const carrier = await factory.answer(offer.replace(/a=candidate:[^\r\n]*\r\n/g, ''), owner);
  await assert.rejects(carrier.addRemoteCandidates('nonsense'), { code: 'bad-candidate' });
  await assert.rejects(carrier.addRemoteCandidates('a=candidate:x\r\n'), { code: 'bad-candidate' });
  await assert.rejects(carrier.addRemoteCandidates(`a=ice-ufrag:other\r\n${candidate}\r\n`), {
    code: 'bad-candidate',
  });
  await carrier.addRemoteCandidates(
    `a=ice-ufrag:${ufrag}\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:video\r\n${candidate}\r\na=end-of-candidates\r\n`,
  );
  viewer.accept(carrier.answerSdp);
  await owner.changed.until('the carrier is open', () => owner.opened === 1);
});

test('offers that cannot be served are refused by code, and leave nothing behind', async (t) => {
  const factory = createTestFactory(t);
  const owner = new RecordingOwner();
  const viewer = new RtcViewer();
  t.after(() => viewer.close());
  const offer = await viewer.offer();
  const cases = [
    ['bad-sdp', 'garbage'],
    ['bad-sdp', ''],
    ['bad-sdp', offer.replace(/a=fingerprint[^\r\n]*\r\n/g, '')],
    ['no-h264', offer.replaceAll('H264/90000', 'VP8/90000')],
    ['no-h264', offer.replaceAll('packetization-mode=1', 'packetization-mode=0')],
    ['no-video', offer.replace('a=recvonly', 'a=sendonly')],
  ] as const;
  for (const [code, sdp] of cases) {
    await assert.rejects(factory.answer(sdp, owner), { code });
  }
  assert.equal(factory.peerCount, 0);
  assert.deepEqual([owner.opened, owner.closed], [0, []]);
});

test('after close() nobody is answered any more, and all viewers have been told', async (t) => {
  const factory = createTestFactory(t);
  const { owner, viewer } = await connectViewer(t, factory);
  await factory.close();
  assert.deepEqual(owner.closed, ['shutting-down']);
  await assert.rejects(factory.answer(await new RtcViewer().offer(), owner), {
    code: 'shutting-down',
  });
  await viewer.changed.until('the viewer knows', () => viewer.texts.length === 1);
});

test('the certificate of the store is the one in the answer', async (t) => {
  const { carrier } = await connectViewer(t, createTestFactory(t));
  const other = await connectViewer(t, createTestFactory(t));
  const fingerprint = (sdp: string) => /a=fingerprint:sha-256 (\S+)/.exec(sdp)?.[1];
  assert.ok(fingerprint(carrier.answerSdp));
  assert.equal(fingerprint(carrier.answerSdp), fingerprint(other.carrier.answerSdp));
});

// The native sender's own socket: test/native/media-sender.test.ts.
test('a socket that does not drain drops pictures up to the next keyframe and asks for one', async (t) => {
  const { carrier, owner } = await connectViewer(
    t,
    createTestFactory(t, { mediaSender: 'werift' }),
  );
  const pictures = readPictures();
  const [keyframe, delta] = pictures;
  assert.ok(keyframe && delta);
  carrier.sendAccessUnit(keyframe);
  const { getSendQueueSize } = dgram.Socket.prototype;
  dgram.Socket.prototype.getSendQueueSize = () => 1024 * 1024;
  t.after(() => {
    dgram.Socket.prototype.getSendQueueSize = getSendQueueSize;
  });
  carrier.sendAccessUnit(delta);
  dgram.Socket.prototype.getSendQueueSize = getSendQueueSize;
  carrier.sendAccessUnit(delta);
  assert.equal(owner.keyframeRequests, 1);
  assert.equal((carrier as Peer).mediaStats?.droppedAccessUnits, 2);
  carrier.sendAccessUnit(keyframe);
  carrier.sendAccessUnit(delta);
  assert.equal((carrier as Peer).mediaStats?.accessUnits, 3);
});
