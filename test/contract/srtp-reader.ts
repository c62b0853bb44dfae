import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { SrtpKeys } from '../../native/index.js';

const KEY_LABEL = 0;
const AUTHENTICATION_LABEL = 1;
const SALT_LABEL = 2;

/** A packet as its sender made it. */
export interface ReadPacket {
  ssrc: number;
  /** Rollover counter and sequence number in one. */
  index: number;
  plain: Buffer;
}

/**
 * Undoes SRTP (RFC 3711, RFC 7714) with nothing but Node's crypto. It does not guess the rollover counter from the order of packets
 * but finds the one under which the packet is authentic.
 */
export class SrtpReader {
  readonly #gcm: boolean;
  readonly #key: Buffer;
  readonly #salt: Buffer;
  readonly #authenticationKey: Buffer;

  constructor({ profile, masterKey, masterSalt }: SrtpKeys) {
    this.#gcm = profile === 'AEAD_AES_128_GCM';
    const derive = (label: number, size: number) => {
      const block = Buffer.alloc(16);
      Buffer.from(masterSalt).copy(block);
      block[7] = (block[7] ?? 0) ^ label;
      return createCipheriv('aes-128-ctr', masterKey, block).update(Buffer.alloc(size));
    };
    this.#key = derive(KEY_LABEL, 16);
    this.#salt = derive(SALT_LABEL, 14);
    this.#authenticationKey = derive(AUTHENTICATION_LABEL, 20);
  }

  /** Throws when the packet is authentic under none of these rollover counters. */
  read(packet: Buffer, rolloverCounters: readonly number[]): ReadPacket {
    const sequenceNumber = packet.readUInt16BE(2);
    const ssrc = packet.readUInt32BE(8);
    for (const rollover of rolloverCounters) {
      const plain = this.#gcm
        ? this.#openGcm(packet, ssrc, rollover, sequenceNumber)
        : this.#openCm(packet, ssrc, rollover, sequenceNumber);
      if (plain) return { ssrc, index: rollover * 65_536 + sequenceNumber, plain };
    }
    throw new Error(`packet ${ssrc} ${sequenceNumber} is not authentic`);
  }

  #openGcm(packet: Buffer, ssrc: number, rollover: number, sequence: number): Buffer | null {
    const size = headerSize(packet);
    const iv = Buffer.alloc(12);
    iv.writeUInt32BE(ssrc, 2);
    iv.writeUInt32BE(rollover, 6);
    iv.writeUInt16BE(sequence, 10);
    const decipher = createDecipheriv('aes-128-gcm', this.#key, this.#salted(iv));
    decipher.setAAD(packet.subarray(0, size));
    decipher.setAuthTag(packet.subarray(-16));
    const payload = decipher.update(packet.subarray(size, -16));
    try {
      decipher.final();
    } catch {
      return null;
    }
    return Buffer.concat([packet.subarray(0, size), payload]);
  }

  #openCm(packet: Buffer, ssrc: number, rollover: number, sequence: number): Buffer | null {
    const size = headerSize(packet);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(rollover);
    const tag = createHmac('sha1', this.#authenticationKey)
      .update(packet.subarray(0, -10))
      .update(counter)
      .digest()
      .subarray(0, 10);
    if (!timingSafeEqual(tag, packet.subarray(-10))) return null;
    const iv = Buffer.alloc(16);
    iv.writeUInt32BE(ssrc, 4);
    iv.writeUInt32BE(rollover, 8);
    iv.writeUInt16BE(sequence, 12);
    const payload = createDecipheriv('aes-128-ctr', this.#key, this.#salted(iv)).update(
      packet.subarray(size, -10),
    );
    return Buffer.concat([packet.subarray(0, size), payload]);
  }

  #salted(iv: Buffer): Buffer {
    return iv.map((byte, at) => byte ^ (this.#salt[at] ?? 0)) as Buffer;
  }
}

function headerSize(packet: Buffer): number {
  const extended = ((packet[0] ?? 0) & 0x10) !== 0;
  return 12 + (extended ? 4 + packet.readUInt16BE(14) * 4 : 0);
}
