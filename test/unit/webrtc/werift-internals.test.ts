import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { test } from 'node:test';
import * as werift from 'werift';
import { selfTest } from '../../../server/webrtc/werift-internals.js';
import { repairWerift } from '../../../server/webrtc/werift-repairs.js';

test('werift 0.25.2 has the private parts that the adapter uses', async () => {
  assert.deepEqual(await selfTest(werift), []);
});

test('a werift of another shape is noticed', async () => {
  const { init } = werift.UdpTransport;
  const { getCandidatePromises } = werift.Connection.prototype as unknown as Record<
    string,
    unknown
  >;
  try {
    Object.assign(werift.UdpTransport, { init: undefined });
    Object.assign(werift.Connection.prototype, { getCandidatePromises: undefined });
    assert.deepEqual(await selfTest(werift), [
      'UdpTransport.init',
      'connection.getCandidatePromises',
    ]);
  } finally {
    Object.assign(werift.UdpTransport, { init });
    Object.assign(werift.Connection.prototype, { getCandidatePromises });
  }
});

test('werift pitfall: compound RTCP; each packet is read alone, and a broken one costs only itself', () => {
  repairWerift(werift);
  repairWerift(werift);
  const nack = Buffer.from('81cd0003000000010000000200070000', 'hex');
  const pli = Buffer.from('81ce00020000000100000002', 'hex');
  const shortReport = Buffer.from('81c9000100000001', 'hex');
  const packets = werift.RtcpPacketConverter.deSerialize(
    Buffer.concat([shortReport, nack, pli, Buffer.from('81ce00ff', 'hex')]),
  );
  const lost = packets.flatMap((packet) =>
    packet instanceof werift.RtcpTransportLayerFeedback &&
    packet.feedback instanceof werift.GenericNack
      ? packet.feedback.lost
      : [],
  );
  assert.deepEqual(lost, [7]);
  assert.ok(packets.at(-1) instanceof werift.RtcpPayloadSpecificFeedback);
});

test('werift pitfall: what is small does not wait on a TCP connection', async (context) => {
  repairWerift(werift);
  const server = createServer((socket) => socket.resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const passive = new werift.TcpPassiveProtocol();
  context.after(() => passive.close());
  await passive.connectionMade('127.0.0.1');
  const atOnce = new Set<Socket>();
  context.mock.method(Socket.prototype, 'setNoDelay', function (this: Socket, on?: boolean) {
    if (on !== false) atOnce.add(this);
    return this;
  });
  const { port } = server.address() as AddressInfo;
  const turn = await werift.TcpTransport.init(['127.0.0.1', port]);
  context.after(() => turn.close());
  assert.equal(atOnce.size, 1);
  const viewer = connect(passive.listeningPort, '127.0.0.1');
  context.after(() => viewer.destroy());
  await once(viewer, 'connect');
  const deadline = AbortSignal.timeout(5000);
  while (atOnce.size < 2) {
    deadline.throwIfAborted();
    await new Promise((resolve) => setImmediate(resolve));
  }
});
