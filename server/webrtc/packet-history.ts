/** Keeps the last packets of an RTP stream for retransmission, found by sequence number. */
export class PacketHistory<Packet> {
  readonly #packets: Array<{ sequenceNumber: number; packet: Packet } | undefined>;

  /** @param capacity number of packets, a power of two up to 32768 so that the ring survives the wrap at 2^16 */
  constructor(capacity: number) {
    if (capacity < 1 || capacity > 32_768 || (capacity & (capacity - 1)) !== 0) {
      throw new RangeError(`PacketHistory: ${capacity} is not a power of two up to 32768`);
    }
    this.#packets = new Array<undefined>(capacity).fill(undefined);
  }

  add(sequenceNumber: number, packet: Packet): void {
    this.#packets[sequenceNumber % this.#packets.length] = { sequenceNumber, packet };
  }

  /** The packet with exactly this number, or null when it is gone or was never sent. */
  find(sequenceNumber: number): Packet | null {
    const entry = this.#packets[sequenceNumber % this.#packets.length];
    return entry?.sequenceNumber === sequenceNumber ? entry.packet : null;
  }

  clear(): void {
    this.#packets.fill(undefined);
  }
}
