import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

const COOKIE_AND_ID = { start: 4, end: 20 };

/** A TURN server that asks for a login and takes none. Returns its port on loopback. */
export async function turnThatRefuses(t: TestContext): Promise<number> {
  const server = createSocket('udp4');
  t.after(() => server.close());
  server.on('message', (request, { port, address }) => {
    const attributes = Buffer.concat([
      attribute(0x0009, Buffer.from([0, 0, 4, 1])),
      attribute(0x0014, Buffer.from('test')),
      attribute(0x0015, Buffer.from('nonce123')),
    ]);
    const head = Buffer.from([0x01, 0x13, 0, attributes.length]);
    const { start, end } = COOKIE_AND_ID;
    server.send(Buffer.concat([head, request.subarray(start, end), attributes]), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

/** A server that hears everything and says nothing. */
export async function turnThatIsSilent(t: TestContext): Promise<number> {
  const server = createSocket('udp4');
  t.after(() => server.close());
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value]);
}
