import { MEDIA_TIMESCALE } from './fmp4.js';

/** A picture that lasts until the next one comes, however long that takes. */
const OPEN_TICKS = 3600 * MEDIA_TIMESCALE;
/** A picture comes this much after what is played now: one that comes late is not drawn everywhere. */
const LEAD_TICKS = 0.02 * MEDIA_TIMESCALE;
/** The shortest time for which a picture is there. */
const SHORT_TICKS = 0.001 * MEDIA_TIMESCALE;

/**
 * How a media player is to treat pictures whose durations nobody knows. `open`: each picture lasts for ever, the next one comes
 * at the time that is being played, so that the player never runs dry (Chromium shows the next picture seconds late when it
 * has). `edge`: each picture lasts for a moment, and the player waits at the end for the next one (Firefox keeps ten pictures
 * until their ends, and has each on the screen at once when there is nothing else to play).
 */
export type TimelineKind = 'open' | 'edge';

/** The times of pictures for a media player that shows each as soon as it gets it. In ticks of MEDIA_TIMESCALE. */
export class MediaTimeline {
  readonly #kind: TimelineKind;
  #last = -SHORT_TICKS;
  #end = 0;

  constructor(kind: TimelineKind) {
    this.#kind = kind;
  }

  /**
   * The place of the next picture.
   *
   * @param playedSeconds where the player is
   */
  place(playedSeconds: number): { time: number; duration: number } {
    const open = this.#kind === 'open';
    const duration = open ? OPEN_TICKS : SHORT_TICKS;
    const now = Math.round(playedSeconds * MEDIA_TIMESCALE) + LEAD_TICKS;
    // Times grow, and never leave a gap: a player would wait in it for ever.
    const time = Math.max(this.#last + SHORT_TICKS, open ? Math.min(now, this.#end) : this.#end);
    this.#last = time;
    this.#end = time + duration;
    return { time, duration };
  }
}
