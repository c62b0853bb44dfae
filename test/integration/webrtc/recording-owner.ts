import type { ClientMessage } from '../../../server/protocol/control-messages.js';
import type { ErrorCode } from '../../../server/protocol/error-codes.js';
import type { Carrier, CarrierOwner, Lane } from '../../../server/session/carrier.js';
import { Conditions } from './conditions.js';

/** A session's place, taken by a notebook. */
export class RecordingOwner implements CarrierOwner {
  readonly changed = new Conditions();
  opened = 0;
  keyframeRequests = 0;
  readonly closed: ErrorCode[] = [];
  readonly messages: ClientMessage[] = [];
  readonly binary: Array<{ bytes: Buffer; lane: Lane }> = [];

  carrierOpened(_carrier: Carrier): void {
    this.opened++;
    this.changed.notify();
  }

  carrierMessage(_carrier: Carrier, message: ClientMessage): void {
    this.messages.push(message);
    this.changed.notify();
  }

  carrierBinary(_carrier: Carrier, bytes: Uint8Array, lane: Lane): void {
    this.binary.push({ bytes: Buffer.from(bytes), lane });
    this.changed.notify();
  }

  carrierNeedsKeyframe(_carrier: Carrier): void {
    this.keyframeRequests++;
    this.changed.notify();
  }

  carrierClosed(_carrier: Carrier, reason: ErrorCode): void {
    this.closed.push(reason);
    this.changed.notify();
  }
}
