/**
 * What a carrier knows of the path to its viewer now, for adaptation and for the page. Each is null while unknown;
 * the numbers are of the direction in which pictures go, except the round trip.
 */
export interface PathReport {
  /** The last measured round trip, queues included. */
  readonly roundTripMs: number | null;
  /** Share of packets that got lost lately, 0 to 1, before any repair; null on a carrier that loses none. */
  readonly lossFraction: number | null;
  /** What the path has delivered lately: what it can carry while something queues on it, else a lower bound. */
  readonly estimatedBitrateBps: number | null;
  /** How much longer than on an empty path a packet takes now: what waits in the queues on the way. */
  readonly queueDelayMs: number | null;
  /** How often the path was gone and came back empty, or became another: queues and losses before that say nothing. */
  readonly outages: number;
  /** How long pictures wait before they leave, because they are not to fill the path; without it they do not. */
  readonly pacedMs?: number;
  /** When the viewer last told something, milliseconds of performance.now(). */
  readonly reportedAtMs: number | null;
}
