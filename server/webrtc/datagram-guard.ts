import { createHmac, timingSafeEqual } from 'node:crypto';

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const BINDING_REQUEST = 0x0001;
const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const INTEGRITY_BYTES = 20;

/** What a datagram is as far as connectivity checks go; `other` is everything that is no STUN request. */
export type CheckVerdict = 'authentic' | 'forged' | 'other';

/**
 * Looks at the USERNAME and MESSAGE-INTEGRITY of a STUN binding request (RFC 8445 section 7.3). Requests of any other
 * method are forged: nobody has a reason to send one. Responses are left to werift, which verifies them.
 * @param passwordOf the ICE password of a local user fragment, undefined when it is not ours
 */
export function judgeCheck(
  datagram: Buffer,
  passwordOf: (ufrag: string) => string | undefined,
): CheckVerdict {
  if (datagram.length < HEADER_BYTES || datagram.readUInt32BE(4) !== MAGIC_COOKIE) return 'other';
  if (((datagram[0] ?? 0) & 0xc0) !== 0) return 'other';
  // Bits 4 and 8 of the type are the class: 00 is a request.
  if ((datagram.readUInt16BE(0) & 0x0110) !== 0) return 'other';
  if (datagram.readUInt16BE(0) !== BINDING_REQUEST) return 'forged';
  let password: string | undefined;
  for (let offset = HEADER_BYTES; offset + 4 <= datagram.length; ) {
    const type = datagram.readUInt16BE(offset);
    const length = datagram.readUInt16BE(offset + 2);
    const value = datagram.subarray(offset + 4, offset + 4 + length);
    if (value.length < length) return 'forged';
    if (type === USERNAME) password = passwordOf(value.toString('utf8').split(':')[0] ?? '');
    if (type === MESSAGE_INTEGRITY) {
      const fits = password !== undefined && integrityFits(datagram, offset, value, password);
      return fits ? 'authentic' : 'forged';
    }
    offset += 4 + Math.ceil(length / 4) * 4;
  }
  return 'forged';
}

/** RFC 8489 section 14.5: HMAC-SHA1 over all before the attribute, with a length that ends after it. */
function integrityFits(datagram: Buffer, offset: number, value: Buffer, password: string): boolean {
  if (value.length !== INTEGRITY_BYTES) return false;
  const covered = Buffer.from(datagram.subarray(0, offset));
  covered.writeUInt16BE(offset + 4 + INTEGRITY_BYTES - HEADER_BYTES, 2);
  const expected = createHmac('sha1', password).update(covered).digest();
  return timingSafeEqual(expected, value);
}

const DTLS_FIRST_BYTES = { low: 20, high: 63 };
const DTLS_ALERT = 21;
const DTLS_RECORD_HEADER_BYTES = 13;

/**
 * True for a datagram other than STUN (RFC 7983) that is not the viewer's: from an address that is not, or, once the
 * association stands, an alert that is not protected (epoch 0), which anybody could have made.
 */
export function isForeignDatagram(
  datagram: Buffer,
  fromViewer: boolean,
  associated: boolean,
): boolean {
  const first = datagram[0] ?? 0;
  if (first < 4) return false;
  if (!fromViewer) return true;
  if (!associated || first < DTLS_FIRST_BYTES.low || first > DTLS_FIRST_BYTES.high) return false;
  for (let offset = 0; offset + DTLS_RECORD_HEADER_BYTES <= datagram.length; ) {
    const epoch = datagram.readUInt16BE(offset + 3);
    if (datagram[offset] === DTLS_ALERT && epoch === 0) return true;
    offset += DTLS_RECORD_HEADER_BYTES + datagram.readUInt16BE(offset + 11);
  }
  return false;
}
