import type * as Werift from 'werift';
import { parseClientMessage } from '../protocol/client-message.js';
import type { ClientMessage, ServerMessage } from '../protocol/control-messages.js';
import { LIMITS } from '../protocol/limits.js';
import type { Lane } from '../session/carrier.js';

/** Labels of the data channels that the page opens. */
export const LANE_LABELS = { reliable: 'kvm.reliable', fast: 'kvm.fast' } as const;

/** Who hears of what comes over the lanes. */
export interface LanesOwner {
  lanesReady(): void;
  laneMessage(message: ClientMessage): void;
  /** `bytes` is only valid during the call. */
  laneBinary(bytes: Uint8Array, lane: Lane): void;
  /** The reliable lane closed, or the viewer broke the protocol. */
  lanesFailed(reason: 'protocol-error' | 'session-ended'): void;
}

/** The two data channels of a page: `kvm.reliable` carries JSON and binary, `kvm.fast` (may lose, may reorder) binary. */
export class DataLanes {
  readonly #owner: LanesOwner;
  readonly #channels = new Map<Lane, Werift.RTCDataChannel>();
  #closed = false;

  constructor(owner: LanesOwner) {
    this.#owner = owner;
  }

  get ready(): boolean {
    return this.#channels.get('reliable')?.readyState === 'open';
  }

  /** Takes a channel that the viewer opened. Unknown labels are closed again, wrong options break the protocol. */
  accept(channel: Werift.RTCDataChannel): void {
    const lane = laneOf(channel.label);
    if (!lane) {
      channel.close();
      return;
    }
    const unreliable = channel.maxRetransmits !== null || channel.maxPacketLifeTime !== null;
    const fits = lane === 'reliable' ? channel.ordered && !unreliable : !channel.ordered;
    if (!fits || this.#channels.has(lane)) {
      this.#fail('protocol-error');
      return;
    }
    this.#channels.set(lane, channel);
    channel.onMessage.subscribe((message) => this.#receive(message, lane));
    channel.stateChange.subscribe((state) => {
      if (this.#closed || lane !== 'reliable') return;
      if (state === 'open') this.#owner.lanesReady();
      if (state === 'closed') this.#fail('session-ended');
    });
  }

  /** Sends JSON on the reliable lane; dropped when that is not open. */
  sendMessage(message: ServerMessage): void {
    this.#send('reliable', JSON.stringify(message));
  }

  /** Sends a copy of these bytes; without an open fast lane they go on the reliable one. */
  sendBinary(bytes: Uint8Array, lane: Lane): void {
    const fast = this.#channels.get('fast');
    this.#send(
      lane === 'fast' && fast?.readyState === 'open' ? 'fast' : 'reliable',
      Buffer.from(bytes),
    );
  }

  /** Stops delivering; the channels end with the connection. */
  close(): void {
    this.#closed = true;
  }

  #send(lane: Lane, content: string | Buffer): void {
    const channel = this.#channels.get(lane);
    if (this.#closed || channel?.readyState !== 'open') return;
    channel.send(content);
  }

  #receive(message: string | Buffer, lane: Lane): void {
    // Before the reliable lane is open the session does not know this carrier.
    if (this.#closed || !this.ready) return;
    if (typeof message !== 'string') {
      if (message.length > LIMITS.maxMessageBytes) this.#fail('protocol-error');
      else this.#owner.laneBinary(message, lane);
      return;
    }
    const parsed = lane === 'reliable' ? parseClientMessage(message) : null;
    if (parsed) this.#owner.laneMessage(parsed);
    else this.#fail('protocol-error');
  }

  #fail(reason: 'protocol-error' | 'session-ended'): void {
    if (!this.#closed) this.#owner.lanesFailed(reason);
  }
}

function laneOf(label: string): Lane | null {
  if (label === LANE_LABELS.reliable) return 'reliable';
  return label === LANE_LABELS.fast ? 'fast' : null;
}
