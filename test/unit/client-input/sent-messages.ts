import type { InputClock } from '../../../client/src/input/input-clock.js';
import { InputSender } from '../../../client/src/input/input-sender.js';
import { decodeInput, encodeAck } from '../../../server/protocol/input-codec.js';
import type { MotionMessage, TransitionsMessage } from '../../../server/protocol/input-messages.js';
import type { Lane } from '../../../server/session/carrier.js';

export interface Sent {
  lane: Lane;
  bytes: Uint8Array;
  message: TransitionsMessage | MotionMessage;
}

/** A sender whose lanes a test looks at. */
export class SenderBench {
  readonly sender: InputSender;
  /** Lanes that are open. */
  readonly open = new Set<Lane>(['reliable', 'fast']);
  readonly #sent: Sent[] = [];

  constructor(clock: InputClock) {
    this.sender = new InputSender((bytes, lane) => {
      if (!this.open.has(lane)) return false;
      const copy = bytes.slice();
      const message = decodeInput(copy);
      if (message.type === 'invalid') throw new Error(`sent an invalid message: ${message.reason}`);
      this.#sent.push({ lane, bytes: copy, message });
      return true;
    }, clock);
  }

  ack(epoch: number, sequence: number, motionSequence = 0): void {
    this.sender.receive(encodeAck({ epoch, sequence, motionSequence }));
  }

  /** What was sent since the last call. */
  take(): Sent[] {
    return this.#sent.splice(0);
  }

  /** The same in a few words: lane, first sequence and number of transitions, or the motion. */
  words(): string[] {
    return this.take().map(({ lane, message }) =>
      message.type === 'motion'
        ? `${lane} motion ${message.pointer.motionSequence} after ${message.afterSequence}`
        : `${lane} ${message.firstSequence}+${message.transitions.length} holding ${message.heldUsages.join()}`,
    );
  }
}
