/** What the tests read of an RTP packet (RFC 3550 section 5.1). */
export interface Rtp {
  payloadType: number;
  marker: boolean;
  sequenceNumber: number;
  timestamp: number;
  ssrc: number;
  /** One-byte header extensions (RFC 8285) by identifier. */
  extensions: Map<number, Buffer>;
  payload: Buffer;
}

/** Reads an RTP packet; null for RTCP. */
export function parseRtp(data: Buffer): Rtp | null {
  const second = data[1] ?? 0;
  if (data.length < 12 || (second >= 192 && second <= 223)) return null;
  let offset = 12 + ((data[0] ?? 0) & 0x0f) * 4;
  const extensions = new Map<number, Buffer>();
  if ((data[0] ?? 0) & 0x10) {
    const end = offset + 4 + data.readUInt16BE(offset + 2) * 4;
    for (let at = offset + 4; at < end; ) {
      const id = (data[at] ?? 0) >> 4;
      const length = ((data[at] ?? 0) & 0x0f) + 1;
      if (id === 0) {
        at++;
        continue;
      }
      extensions.set(id, data.subarray(at + 1, at + 1 + length));
      at += 1 + length;
    }
    offset = end;
  }
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequenceNumber: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    ssrc: data.readUInt32BE(8),
    extensions,
    payload: data.subarray(offset),
  };
}

/** Undoes RFC 6184: single NAL units, STAP-A and FU-A, in order of sequence. */
export function depacketize(packets: readonly Rtp[]): Buffer[] {
  const nals: Buffer[] = [];
  let fragments: Buffer[] = [];
  for (const { payload } of packets) {
    const type = (payload[0] ?? 0) & 0x1f;
    if (type === 24) {
      for (let at = 1; at < payload.length; ) {
        const length = payload.readUInt16BE(at);
        nals.push(payload.subarray(at + 2, at + 2 + length));
        at += 2 + length;
      }
    } else if (type === 28) {
      const header = payload[1] ?? 0;
      if (header & 0x80) fragments = [Buffer.from([((payload[0] ?? 0) & 0xe0) | (header & 0x1f)])];
      fragments.push(payload.subarray(2));
      if (header & 0x40) nals.push(Buffer.concat(fragments));
    } else {
      nals.push(payload);
    }
  }
  return nals;
}

const SENDER = 1;

function rtcp(type: number, count: number, ...words: Array<number | Buffer>): Buffer {
  const body = Buffer.concat(
    words.map((word) => {
      if (typeof word !== 'number') return word;
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(word >>> 0);
      return bytes;
    }),
  );
  const header = Buffer.from([0x80 | count, type, 0, 0]);
  header.writeUInt16BE(body.length / 4, 2);
  return Buffer.concat([header, body]);
}

/** Receiver report (RFC 3550 section 6.4.2) with one block. */
export function receiverReport(ssrc: number, lostOf256: number, lsr = 0, dlsr = 0): Buffer {
  return rtcp(201, 1, SENDER, ssrc, lostOf256 * 2 ** 24, 0, 900, lsr, dlsr);
}

/** Generic NACK (RFC 4585 section 6.2.1), one entry per number. */
export function nack(ssrc: number, sequenceNumbers: readonly number[]): Buffer {
  return rtcp(205, 1, SENDER, ssrc, ...sequenceNumbers.map((number) => number * 2 ** 16));
}

/** Picture loss indication (RFC 4585 section 6.3.1). */
export function pli(ssrc: number): Buffer {
  return rtcp(206, 1, SENDER, ssrc);
}

/** Full intra request (RFC 5104 section 4.3.1): the media SSRC is 0, the one meant is in the entry. */
export function fir(ssrc: number, number: number): Buffer {
  return rtcp(206, 4, SENDER, 0, ssrc, number * 2 ** 24);
}

/** Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb). */
export function remb(ssrc: number, bitrateBps: number): Buffer {
  const exponent = Math.max(0, Math.ceil(Math.log2(bitrateBps)) - 18);
  const rate = 2 ** 24 + exponent * 2 ** 18 + Math.floor(bitrateBps / 2 ** exponent);
  return rtcp(206, 15, SENDER, 0, Buffer.from('REMB'), rate, ssrc);
}
