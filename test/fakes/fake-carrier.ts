import type { AccessUnit } from '../../server/protocol/access-unit.js';
import type { ServerMessage } from '../../server/protocol/control-messages.js';
import type { ErrorCode } from '../../server/protocol/error-codes.js';
import type { Carrier, CarrierOwner, Lane } from '../../server/session/carrier.js';
import type { PathReport } from '../../server/session/path-report.js';

/** A carrier that only remembers what it was told to send. */
export class FakeCarrier implements Carrier {
  readonly kind: Carrier['kind'];
  readonly interactive: boolean;
  path: PathReport | null = null;
  readonly messages: ServerMessage[] = [];
  readonly binaries: Array<{ bytes: Uint8Array; lane: Lane }> = [];
  readonly units: AccessUnit[] = [];
  closedWith: ErrorCode | null = null;
  #owner: CarrierOwner | null = null;

  constructor(kind: Carrier['kind'] = 'websocket', interactive = true) {
    this.kind = kind;
    this.interactive = interactive;
  }

  open(owner: CarrierOwner): this {
    this.#owner = owner;
    owner.carrierOpened(this);
    return this;
  }

  sendMessage(message: ServerMessage): void {
    if (this.closedWith === null) this.messages.push(message);
  }

  sendBinary(bytes: Uint8Array, lane: Lane): void {
    if (this.closedWith === null) this.binaries.push({ bytes, lane });
  }

  sendAccessUnit(unit: AccessUnit): void {
    if (this.closedWith === null) this.units.push(unit);
  }

  close(reason: ErrorCode): void {
    if (this.closedWith !== null) return;
    this.closedWith = reason;
    this.#owner?.carrierClosed(this, reason);
  }

  /** The last input epoch that the viewer was told. */
  get epoch(): number {
    const told = this.messages.filter(
      (message) => message.type === 'hello' || message.type === 'control',
    );
    return told.at(-1)?.inputEpoch ?? -1;
  }
}
