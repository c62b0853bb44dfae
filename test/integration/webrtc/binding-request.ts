import { createHmac } from 'node:crypto';

/** A connectivity check (RFC 8445 section 7.2.2); `id` is the last byte of its transaction. */
export function bindingRequest(id: number, ufrag: string, pwd: string): Buffer {
  const attribute = (type: number, value: Buffer) => {
    const header = Buffer.alloc(4);
    header.writeUInt16BE(type, 0);
    header.writeUInt16BE(value.length, 2);
    return Buffer.concat([header, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
  };
  const body = Buffer.concat([
    attribute(0x0006, Buffer.from(`${ufrag}:peer`)),
    attribute(0x0024, Buffer.from([0x6e, 0, 1, 0xff])),
    attribute(0x802a, Buffer.alloc(8, 1)),
  ]);
  const header = Buffer.alloc(20);
  header.writeUInt16BE(1, 0);
  header.writeUInt16BE(body.length + 24, 2);
  header.writeUInt32BE(0x2112a442, 4);
  header[19] = id;
  const covered = Buffer.concat([header, body]);
  return Buffer.concat([covered, attribute(8, createHmac('sha1', pwd).update(covered).digest())]);
}
