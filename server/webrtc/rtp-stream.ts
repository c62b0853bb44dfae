import { randomInt } from 'node:crypto';
import type { RtpStreamState } from './media-sender.js';

/** Gives out the sequence numbers of one RTP stream, each exactly once. */
export class RtpStream {
  readonly ssrc: number;
  readonly payloadType: number;
  #sequenceNumber: number;
  #rolloverCounter = 0;

  /** Goes on where another owner has stopped. */
  static from(state: RtpStreamState): RtpStream {
    const stream = new RtpStream(state.ssrc, state.payloadType, state.sequenceNumber);
    stream.#rolloverCounter = state.rolloverCounter;
    return stream;
  }

  /** @param firstSequenceNumber below 2^15 by default, so that a receiver cannot misjudge the first wrap (RFC 3711) */
  constructor(ssrc: number, payloadType: number, firstSequenceNumber = randomInt(0x8000)) {
    this.ssrc = ssrc;
    this.payloadType = payloadType;
    this.#sequenceNumber = firstSequenceNumber;
  }

  /** The number for the next packet. */
  take(): number {
    const taken = this.#sequenceNumber;
    this.#sequenceNumber = (taken + 1) & 0xffff;
    if (this.#sequenceNumber === 0) this.#rolloverCounter++;
    return taken;
  }

  /** True when this number was given out since the last wrap, or when the stream never wrapped. */
  isSinceWrap(sequenceNumber: number): boolean {
    return sequenceNumber < this.#sequenceNumber;
  }

  get state(): RtpStreamState {
    return {
      ssrc: this.ssrc,
      payloadType: this.payloadType,
      sequenceNumber: this.#sequenceNumber,
      rolloverCounter: this.#rolloverCounter,
    };
  }
}
