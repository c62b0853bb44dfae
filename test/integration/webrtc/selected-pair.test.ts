import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CandidatePair } from 'werift';
import { until } from '../../e2e/until.js';
import { createTestFactory } from './connected-viewer.js';
import { connectWeriftViewer } from './werift-viewer.js';

/** werift's own, as the viewer uses it here. */
interface Checks {
  nominated: CandidatePair;
  checkList: CandidatePair[];
  checkStart(pair: CandidatePair): { awaitable: Promise<void> };
}

test('werift pitfall: the first pair stays selected; here what is sent follows the viewer to another', async (t) => {
  const factory = createTestFactory(t, {
    iceAddresses: ['127.0.0.0/8'],
    extraHosts: ['127.0.0.1', '127.0.0.2'],
  });
  const { peer, carrier, reliable } = await connectWeriftViewer(t, factory);
  const viewer = peer.iceTransports[0]?.connection as unknown as Checks;
  const first = viewer.nominated;
  const second = viewer.checkList.find(
    (pair) => pair.protocol === first.protocol && pair.remoteAddr[1] !== first.remoteAddr[1],
  );
  assert.ok(second, 'there is one pair only');
  await viewer.checkStart(second).awaitable;
  viewer.nominated = second;
  // Where something came from, only the socket knows.
  const { socket } = (first.protocol as unknown as { transport: { socket: NodeJS.EventEmitter } })
    .transport;
  const ports: number[] = [];
  socket.on('message', (datagram: Buffer, { port }: { port: number }) => {
    if ((datagram[0] ?? 0) > 3) ports.push(port);
  });
  await until('an answer from the second address', async () => {
    reliable.send(Buffer.from([9, 9]));
    carrier.sendBinary(Buffer.from([7]), 'reliable');
    return ports.includes(second.remoteAddr[1]);
  });
  ports.length = 0;
  await until('more of them', async () => {
    carrier.sendBinary(Buffer.from([7]), 'reliable');
    return ports.length > 3;
  });
  assert.deepEqual([...new Set(ports)], [second.remoteAddr[1]]);
});
