import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { TcpRelay, UdpRelay } from '../../net/relay.js';

test('datagrams find their way there and back', async (t) => {
  const relay = await UdpRelay.open();
  const [appliance, viewer] = [createSocket('udp4'), createSocket('udp4')];
  t.after(() => {
    relay.close();
    appliance.close();
    viewer.close();
  });
  appliance.bind(0, '127.0.0.1');
  await once(appliance, 'listening');
  const { port } = appliance.address();
  const answer = `a=candidate:1 1 udp 99 10.0.0.1 7 typ host\r\na=candidate:2 1 udp 99 127.0.0.1 ${port} typ host\r\n`;
  const [, entry] =
    /^a=candidate:2 1 udp 99 127\.0\.0\.1 (\d+) typ host\r\n$/.exec(relay.route(answer)) ?? [];
  assert.notEqual(Number(entry), port);
  viewer.send('there', Number(entry), '127.0.0.1');
  const [there, from] = await once(appliance, 'message');
  assert.equal(String(there), 'there');
  appliance.send('back', from.port, '127.0.0.1');
  const [back] = await once(viewer, 'message');
  assert.equal(String(back), 'back');
});

test('a TCP connection passes complete, through a queue that is smaller than what is sent', async (t) => {
  const server = createServer((socket) => socket.pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const relay = await TcpRelay.open(`https://127.0.0.1:${port}/`);
  t.after(async () => {
    await relay.close();
    server.close();
  });
  relay.down.shape.bitsPerSecond = 20e6;
  relay.down.shape.queueMs = 10;
  const sent = Buffer.alloc(200_000, 'mykvm');
  const viewer = connect(Number(new URL(relay.url).port), '127.0.0.1');
  viewer.end(sent);
  const received: Buffer[] = [];
  for await (const chunk of viewer) received.push(chunk);
  assert.equal(Buffer.compare(Buffer.concat(received), sent), 0);
  assert.ok(relay.down.counts.overflown > 0);
});
