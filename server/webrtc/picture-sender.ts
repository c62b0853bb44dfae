import type { MediaRoute, SrtpKeys } from '../../native/index.js';
import { type AccessUnit, rtpTimestamp } from '../protocol/access-unit.js';
import type {
  MediaSender,
  MediaSenderStats,
  MediaStats,
  MediaStreamState,
} from './media-sender.js';
import type { SelectedRoute } from './werift-media-internals.js';

/** A sender that sends straight to an address. */
export interface DirectMediaSender extends MediaSender {
  setRoute(route: MediaRoute): void;
  /** Pictures leave no faster than this, bits per second, but for short bursts; null: at once. */
  setPace(bitrateBps: number | null): void;
  /** How long pictures wait for their pace. */
  readonly pacedMs: number;
}

/** What a {@link PictureSender} chooses from. */
export interface PictureSenderOptions {
  readonly streams: MediaStreamState;
  /** Where the pictures have to go now. */
  readonly route: () => SelectedRoute;
  readonly keys: () => SrtpKeys | null;
  /** For addresses that can be reached directly; it may throw, then pictures go the other way. Null: always that way. */
  readonly createDirect: ((streams: MediaStreamState, keys: SrtpKeys) => DirectMediaSender) | null;
  /** By way of werift, wherever its selected pair leads. */
  readonly createIndirect: (streams: MediaStreamState) => MediaSender;
  readonly directFailed: (error: unknown) => void;
  /** The viewer cannot go on without a keyframe. */
  readonly needKeyframe: () => void;
}

type Way =
  | { kind: 'indirect'; sender: MediaSender }
  | { kind: 'direct'; sender: DirectMediaSender };

/**
 * Sends pictures along the selected pair: by the direct sender where that is a UDP address, else by the indirect one. The numbers
 * of the streams go from one to the other, so that exactly one owns them. Drops pictures until a keyframe comes.
 */
export class PictureSender {
  readonly #options: PictureSenderOptions;
  readonly #counters = { accessUnits: 0, historyMisses: 0, droppedAccessUnits: 0 };
  /** Of the senders before the current one. */
  #earlier: MediaSenderStats = { packets: 0, bytes: 0, retransmissions: 0, sendErrors: 0 };
  #streams: MediaStreamState;
  #way: Way | null = null;
  #route: MediaRoute | null = null;
  #directAllowed: boolean;
  #paceBps: number | null = null;
  #waitingForKeyframe = true;
  #lastTimestamp = 0;
  #closed = false;

  constructor(options: PictureSenderOptions) {
    this.#options = options;
    this.#streams = options.streams;
    this.#directAllowed = options.createDirect !== null;
  }

  get ssrc(): number {
    return this.#streams.media.ssrc;
  }

  /** RTP timestamp of the last picture, for sender reports. */
  get lastTimestamp(): number {
    return this.#lastTimestamp;
  }

  /** Which sender is at work; null before the first picture and after close. */
  get way(): 'direct' | 'indirect' | null {
    return this.#way?.kind ?? null;
  }

  get stats(): Omit<MediaStats, 'pictureLossIndications' | 'fullIntraRequests'> {
    return { ...this.#counters, ...sum(this.#earlier, this.#way?.sender.stats) };
  }

  /** How long pictures wait for the pace, milliseconds. */
  get pacedMs(): number {
    return this.#way?.kind === 'direct' ? this.#way.sender.pacedMs : 0;
  }

  /**
   * Pictures leave no faster than this from now on, bits per second, so that nothing else waits behind a large one; null: at once. For
   * the direct sender: werift has no queue that input could overtake.
   */
  pace(bitrateBps: number | null): void {
    this.#paceBps = bitrateBps;
    if (this.#way?.kind === 'direct') this.#way.sender.setPace(bitrateBps);
  }

  /** Sends one picture, never blocking and never throwing. False when it was dropped. */
  sendAccessUnit(unit: AccessUnit): boolean {
    if (this.#closed) return false;
    const sender = this.#follow();
    if (unit.keyframe) this.#waitingForKeyframe = false;
    const timestamp = rtpTimestamp(unit.timestampUs);
    if (!this.#waitingForKeyframe && sender?.send(unit.data, timestamp)) {
      this.#lastTimestamp = timestamp;
      this.#counters.accessUnits++;
      return true;
    }
    this.#waitingForKeyframe = true;
    this.#counters.droppedAccessUnits++;
    this.#options.needKeyframe();
    return false;
  }

  /** Sends these packets again. What is gone asks for a keyframe. */
  retransmit(sequenceNumbers: readonly number[]): void {
    if (this.#closed) return;
    const gone = this.#follow()?.retransmit(sequenceNumbers) ?? sequenceNumbers.length;
    this.#counters.historyMisses += gone;
    if (gone > 0) this.#options.needKeyframe();
  }

  /** Stops sending for good. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#end();
  }

  /** The sender for the pair that is selected now; null when none was ever selected. */
  #follow(): MediaSender | null {
    const route = this.#options.route();
    // During an ICE restart no pair is selected; the one before may still work.
    if (route === null) return this.#way?.sender ?? null;
    if (route !== 'indirect' && this.#directAllowed) {
      try {
        return this.#direct(route);
      } catch (error) {
        this.#directAllowed = false;
        this.#options.directFailed(error);
      }
    }
    return this.#indirect();
  }

  #direct(route: MediaRoute): MediaSender {
    if (this.#way?.kind === 'direct') {
      if (!isSame(route, this.#route)) this.#way.sender.setRoute(route);
    } else {
      const keys = this.#options.keys();
      if (!keys || !this.#options.createDirect) return this.#indirect();
      this.#end();
      const sender = this.#options.createDirect(this.#streams, keys);
      this.#way = { kind: 'direct', sender };
      sender.setPace(this.#paceBps);
      sender.setRoute(route);
    }
    this.#route = route;
    return this.#way.sender;
  }

  #indirect(): MediaSender {
    if (this.#way?.kind !== 'indirect') {
      this.#end();
      this.#way = { kind: 'indirect', sender: this.#options.createIndirect(this.#streams) };
    }
    return this.#way.sender;
  }

  /** The numbers are free for a successor afterwards. */
  #end(): void {
    if (!this.#way) return;
    const { sender } = this.#way;
    const { media, rtx, complete } = sender.close();
    this.#earlier = sum(this.#earlier, sender.stats);
    this.#streams = { media, rtx };
    this.#way = null;
    this.#route = null;
    if (!complete) this.#waitingForKeyframe = true;
  }
}

function isSame(a: MediaRoute, b: MediaRoute | null): boolean {
  return a.fd === b?.fd && a.port === b.port && a.address === b.address && a.channel === b.channel;
}

function sum(a: MediaSenderStats, b: MediaSenderStats | undefined): MediaSenderStats {
  return {
    packets: a.packets + (b?.packets ?? 0),
    bytes: a.bytes + (b?.bytes ?? 0),
    retransmissions: a.retransmissions + (b?.retransmissions ?? 0),
    sendErrors: a.sendErrors + (b?.sendErrors ?? 0),
  };
}
