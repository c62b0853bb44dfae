import { type AccessUnit, rtpTimestamp } from '../../../server/protocol/access-unit.js';
import { DecodeGate } from './decode-gate.js';
import { MEDIA_TIMESCALE, mediaSegment } from './fmp4.js';
import { type WatchedFrame, watchFrames } from './frame-watch.js';
import { ownTimelineKind, videoType } from './media-player.js';
import { MediaTimeline } from './media-timeline.js';
import { NAL_TYPE, nalTypeOf, nalUnitsOf } from './nal-units.js';
import type { PictureCounts, ReceivingSurface, ShownPicture } from './picture.js';
import { SourceFeed } from './source-feed.js';
import { StreamDescriber } from './stream-describer.js';

/** A player that has failed this often in a row, without a picture in between, will not work here. */
const MAX_FAILURES = 5;
/** Players keep all since the last keyframe, and browsers end those that keep too much: another keyframe is asked for then. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
/** Pictures before the last keyframe are forgotten when they are this much. */
const MIN_REMOVED_BYTES = 1024 * 1024;
/** Half of the shortest time between two pictures, for players that round. */
const ROUNDING_SECONDS = 0.0005;
const NOT_IN_SAMPLES: ReadonlySet<number> = new Set(Object.values(NAL_TYPE));

/** A picture that the player has. */
interface Appended {
  /** Counts pictures of this player from 1. */
  readonly index: number;
  readonly seconds: number;
  readonly rtpTimestamp: number;
}

/** Access units in a <video> through Media Source Extensions: for browsers without WebCodecs. */
export class MseSurface implements ReceivingSurface {
  readonly element: HTMLVideoElement;
  readonly #sources: typeof MediaSource;
  readonly #shown: (picture: ShownPicture) => void;
  readonly #askKeyframe: () => void;
  readonly #undecodable: () => void;
  readonly #scope = new AbortController();
  #gate: DecodeGate;
  #feed: SourceFeed;
  #describer = new StreamDescriber();
  #timeline = new MediaTimeline(ownTimelineKind());
  /** Not yet drawn, oldest first. */
  #appended: Appended[] = [];
  #appendedCount = 0;
  /** How many of them have left the decoder. */
  #decodedCount = 0;
  #segments = 0;
  #failures = 0;
  #framesBefore = 0;
  #bytes = 0;
  #keptBytes = 0;
  #removableBytes = 0;
  #keyframeSeconds = 0;
  #renewing = false;

  /** `undecodable` is told when this browser does not play the stream at all. */
  constructor(
    sources: typeof MediaSource,
    shown: (picture: ShownPicture) => void,
    askKeyframe: () => void,
    undecodable: () => void,
  ) {
    this.#sources = sources;
    this.#shown = shown;
    this.#askKeyframe = askKeyframe;
    this.#undecodable = undecodable;
    this.#gate = new DecodeGate(askKeyframe);
    this.element = document.createElement('video');
    this.element.muted = true;
    this.element.playsInline = true;
    this.element.disablePictureInPicture = true;
    // Managed media sources of an iPhone play only where nothing else may.
    this.element.disableRemotePlayback = true;
    this.#feed = this.#newFeed();
    const { signal } = this.#scope;
    watchFrames(this.element, signal, (frame) => this.#drawn(frame));
    document.addEventListener('visibilitychange', () => this.#seenAgain(), { signal });
  }

  /** Takes one received picture; `unit.data` is copied. */
  receive(unit: AccessUnit): void {
    this.#bytes += unit.data.length;
    // Browsers stop the player of a hidden page as they like: it begins anew when the page is seen.
    if (this.#scope.signal.aborted || document.hidden) return;
    this.#countDecoded(this.element.getVideoPlaybackQuality().totalVideoFrames);
    if (!this.#gate.admit(unit.keyframe, performance.now())) return;
    this.#append(unit);
    this.moved();
  }

  counts(): Promise<PictureCounts> {
    const { totalVideoFrames } = this.element.getVideoPlaybackQuality();
    const frames = this.#framesBefore + totalVideoFrames;
    return Promise.resolve({ frames, bytes: this.#bytes, lostPercent: null });
  }

  /** Browsers pause a <video> that leaves its place. */
  moved(): void {
    if (this.#scope.signal.aborted || !this.element.paused) return;
    // Refused only while a phone saves power and nobody has touched the page: asked again with the next picture.
    this.element.play().catch(() => {});
  }

  /** The player keeps what was drawn last. */
  freeze(): void {}

  close(): void {
    this.#scope.abort();
    this.#feed.close();
    this.element.removeAttribute('src');
    this.element.load();
    this.element.remove();
  }

  #append(unit: AccessUnit): void {
    const all = nalUnitsOf(unit.data);
    const change = unit.keyframe ? this.#describer.changeAt(unit, all) : null;
    if (change) this.#feed.describe(videoType(change.codec), change.segment);
    const { time, duration } = this.#timeline.place(this.element.currentTime);
    const seconds = time / MEDIA_TIMESCALE;
    const nalUnits = all.filter((each) => !NOT_IN_SAMPLES.has(nalTypeOf(each)));
    this.#segments += 1;
    const { keyframe } = unit;
    this.#feed.append(mediaSegment({ nalUnits, keyframe, time, duration }, this.#segments));
    this.#appendedCount += 1;
    this.#appended.push({
      index: this.#appendedCount,
      seconds,
      rtpTimestamp: rtpTimestamp(unit.timestampUs),
    });
    this.#account(unit, seconds);
  }

  #account({ keyframe, data }: AccessUnit, seconds: number): void {
    if (keyframe) {
      this.#removableBytes += this.#keptBytes;
      this.#keptBytes = 0;
      this.#keyframeSeconds = seconds;
      this.#renewing = false;
    }
    this.#keptBytes += data.length;
    if (this.#keptBytes < MAX_KEPT_BYTES || this.#renewing) return;
    this.#renewing = true;
    this.#askKeyframe();
  }

  #drawn({ mediaSeconds, width, height, atMs }: WatchedFrame): void {
    const picture = this.#appended.findLast(
      ({ seconds }) => seconds <= mediaSeconds + ROUNDING_SECONDS,
    );
    if (!picture) return;
    this.#failures = 0;
    this.#appended = this.#appended.filter(({ index }) => index > picture.index);
    this.#countDecoded(picture.index);
    if (this.#removableBytes > MIN_REMOVED_BYTES && picture.seconds >= this.#keyframeSeconds) {
      this.#removableBytes = 0;
      this.#feed.removeBefore(this.#keyframeSeconds);
    }
    this.#shown({ rtpTimestamp: picture.rtpTimestamp, width, height, atMs });
  }

  /** Of all that the player ever got. Neither what is drawn nor what it counts tells it alone: players leave some out. */
  #countDecoded(count: number): void {
    for (; this.#decodedCount < Math.min(count, this.#appendedCount); this.#decodedCount += 1) {
      this.#gate.decoded();
    }
  }

  #seenAgain(): void {
    if (document.hidden) return;
    this.#gate = new DecodeGate(this.#askKeyframe);
    this.#askKeyframe();
  }

  #newFeed(): SourceFeed {
    return new SourceFeed(this.element, this.#sources, () => this.#failed());
  }

  /** A player that failed is replaced: the new one starts at the next keyframe. */
  #failed(): void {
    this.#failures += 1;
    if (this.#failures >= MAX_FAILURES) {
      this.#undecodable();
      return;
    }
    this.#framesBefore += this.element.getVideoPlaybackQuality().totalVideoFrames;
    this.#describer = new StreamDescriber();
    this.#timeline = new MediaTimeline(ownTimelineKind());
    this.#appended = [];
    this.#appendedCount = 0;
    this.#decodedCount = 0;
    this.#keptBytes = 0;
    this.#removableBytes = 0;
    this.#feed = this.#newFeed();
    this.#gate.restart();
  }
}
