import type { AccessUnit } from '../../protocol/access-unit.js';
import type { VideoConsumer, VideoFeed } from '../../session/video-feed.js';
import type { Timers } from '../keyframe-policy.js';
import type { PictureConsumer } from '../video-supervisor.js';
import { type EncoderLimits, type EncoderSettings, encoderSettings } from './encoder-settings.js';
import { PathController } from './path-controller.js';
import { SentRate } from './sent-rate.js';
import { Thinning } from './thinning.js';

/** How often the paths are looked at. */
const TICK_MS = 100;
/** Skip pictures of a still screen are smaller: for them alone no thin watcher needs a keyframe. */
const CHANGED_BYTES = 400;
/**
 * A keyframe would only make a queue longer: who misses one waits until the queue is gone, but no longer than this, and twice as long
 * after each one that did not help.
 */
const KEYFRAME_WAIT_MS = { first: 1500, most: 6000 } as const;
/** Nobody waits longer for the keyframe before to be through. */
const KEYFRAME_SPACE_MS = 3000;

/** What adaptation drives; the video supervisor. */
export interface AdaptedVideo {
  subscribe(consumer: PictureConsumer): () => void;
  requestKeyframe(): void;
  setBitrate(bitrateBps: number): void;
  setFrameRate(frameRate: number): void;
}

export interface AdaptiveFeedOptions {
  video: AdaptedVideo;
  limits: EncoderLimits;
  /** The encoder keeps its settings; slow watchers are thinned all the same. */
  fixed: boolean;
  timers: Timers;
}

/** One viewer's place in the stream. */
class Place implements PictureConsumer {
  readonly controller: PathController;
  readonly thinning = new Thinning();
  readonly sent = new SentRate();
  readonly consumer: VideoConsumer;
  readonly #now: () => number;
  /** After all pictures were left out, the next one must be a keyframe. */
  #broken = false;
  #paceBps: number | null = null;
  /** Something has changed on the screen since the last keyframe of a thin watcher. */
  stale = false;
  /** Asked for a keyframe at a time when another would only have stood in the way. */
  owed = false;
  /** The last one: which queue was drained meanwhile, and how many keyframes have joined that queue. */
  #keyframe = { atMs: Number.NEGATIVE_INFINITY, bits: 0, queueMs: null as number | null, count: 0 };

  constructor(consumer: VideoConsumer, ceilingBps: number, now: () => number) {
    this.consumer = consumer;
    this.controller = new PathController(ceilingBps);
    this.#now = now;
  }

  /** Tells the carrier how fast a burst may leave. */
  pace(): void {
    const { paceBps } = this.controller;
    if (paceBps === this.#paceBps) return;
    this.#paceBps = paceBps;
    this.consumer.paced?.(paceBps);
  }

  /** Whether a keyframe now would be more than the path carries. */
  get mustWait(): boolean {
    const now = this.#now();
    const { atMs, bits, queueMs, count } = this.#keyframe;
    const { drainingSinceMs, rateBps } = this.controller;
    if (drainingSinceMs === null) {
      return now - atMs < Math.min(KEYFRAME_SPACE_MS, (bits * 1000) / rateBps);
    }
    const { first, most } = KEYFRAME_WAIT_MS;
    const before = queueMs === drainingSinceMs ? count : 0;
    return now - Math.max(drainingSinceMs, atMs) < Math.min(most, first * 2 ** before);
  }

  accessUnit(unit: AccessUnit): void {
    const now = this.#now();
    const { thin } = this.thinning;
    if (thin || this.#broken) {
      this.#broken = true;
      const late = thin && !this.thinning.keyframeDue(now, this.controller.drainingSinceMs);
      this.stale ||= unit.keyframe || unit.data.length > CHANGED_BYTES;
      if (!unit.keyframe || late) return;
      this.#broken = thin;
      this.stale = false;
      if (thin) this.thinning.keyframeSent(now);
    }
    if (unit.keyframe) {
      const { drainingSinceMs } = this.controller;
      const count = this.#keyframe.queueMs === drainingSinceMs ? this.#keyframe.count + 1 : 1;
      const bits = unit.data.length * 8;
      this.#keyframe = { atMs: now, bits, queueMs: drainingSinceMs, count };
    }
    this.sent.sent(unit.data.length, now);
    this.consumer.accessUnit(unit);
  }
}

/**
 * The picture stream, fitted to the paths of its viewers. The encoder follows the path of the viewer who has control (of
 * the fastest one while nobody has it); a watcher whose path carries much less gets a keyframe at most each 2 s, so that it
 * costs the others no more than these: at most 0.4 s worth of the bit rate each, a fifth.
 */
export class AdaptiveFeed implements VideoFeed {
  readonly #options: AdaptiveFeedOptions;
  readonly #places = new Map<VideoConsumer, Place>();
  #timer: unknown;
  #settings: EncoderSettings | null = null;

  constructor(options: AdaptiveFeedOptions) {
    this.#options = options;
  }

  subscribe(consumer: VideoConsumer): () => void {
    const { video, timers, limits } = this.#options;
    const place = new Place(consumer, limits.ceilingBps, () => timers.now());
    this.#places.set(consumer, place);
    const unsubscribe = video.subscribe(place);
    if (this.#timer === undefined) this.#later();
    return () => {
      unsubscribe();
      if (this.#places.get(consumer) === place) this.#places.delete(consumer);
    };
  }

  /** See {@link VideoFeed.requestKeyframe}. A thin watcher gets its keyframes anyway; one with a queue waits a little. */
  requestKeyframe(consumer?: VideoConsumer): void {
    const place = consumer && this.#places.get(consumer);
    if (place?.thinning.thin) return;
    if (place && !this.#options.fixed && place.mustWait) place.owed = true;
    else this.#options.video.requestKeyframe();
  }

  /** Whether this viewer gets keyframes alone. */
  isThin(consumer: VideoConsumer): boolean {
    return this.#places.get(consumer)?.thinning.thin ?? false;
  }

  close(): void {
    this.#places.clear();
    if (this.#timer !== undefined) this.#options.timers.clear(this.#timer);
    this.#timer = undefined;
  }

  #later(): void {
    this.#timer = this.#options.timers.set(() => this.#tick(), TICK_MS);
  }

  #tick(): void {
    this.#timer = undefined;
    const now = this.#options.timers.now();
    const places = [...this.#places.values()];
    for (const place of places) {
      place.controller.update(now, place.consumer.path, place.sent.bitrateBps(now));
      // What is fixed above the path's rate would only wait in another queue.
      if (!this.#options.fixed) place.pace();
    }
    const decider = decidingPlace(places);
    if (decider && !this.#options.fixed) this.#apply(decider);
    for (const place of places) this.#serve(place, place === decider, now);
    if (places.length > 0) this.#later();
  }

  #apply({ controller }: Place): void {
    const { video, limits } = this.#options;
    const settings = encoderSettings(controller.rateBps, controller.presentBps, limits);
    const before = this.#settings;
    if (settings.bitrateBps !== before?.bitrateBps) video.setBitrate(settings.bitrateBps);
    if (settings.frameRate !== before?.frameRate) video.setFrameRate(settings.frameRate);
    this.#settings = settings;
  }

  #serve(place: Place, decides: boolean, now: number): void {
    const { controller, thinning, consumer } = place;
    const { drainingSinceMs } = controller;
    const wasThin = thinning.thin;
    const restart = thinning.update(now, drainingSinceMs, decides);
    if (thinning.thin !== wasThin) consumer.thinned?.(thinning.thin);
    const due = thinning.thin && place.stale && thinning.keyframeDue(now, drainingSinceMs);
    if (controller.takeRepair()) place.owed = true;
    const owed = place.owed && !thinning.thin && (this.#options.fixed || !place.mustWait);
    if (owed || thinning.thin) place.owed = false;
    if (restart || due || owed) this.#options.video.requestKeyframe();
  }
}

function decidingPlace(places: readonly Place[]): Place | undefined {
  const inControl = places.filter(({ consumer }) => consumer.decides);
  const candidates = inControl.length > 0 ? inControl : places;
  return candidates.reduce<Place | undefined>(
    (best, place) => (best && best.controller.rateBps >= place.controller.rateBps ? best : place),
    undefined,
  );
}
