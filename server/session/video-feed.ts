import type { AccessUnit } from '../protocol/access-unit.js';
import type { PathReport } from './path-report.js';

/** Receives coded pictures, a keyframe first. */
export interface VideoConsumer {
  accessUnit(unit: AccessUnit): void;
  /** What is known of the way that the pictures take to this viewer. */
  readonly path: PathReport | null;
  /** The pictures are fitted to this viewer's path: it has control. */
  readonly decides: boolean;
  /** From now on the viewer gets keyframes alone because its path is slow, or all pictures again. */
  thinned?(thin: boolean): void;
  /** Bursts are to leave no faster than this from now on, bits per second, so that they do not fill the path; null: at once. */
  paced?(bitrateBps: number | null): void;
}

/** The running picture stream, on demand: the pipeline runs while somebody is subscribed. */
export interface VideoFeed {
  /** Starts delivering, from a stored or forced keyframe on. Returns the unsubscribe function (idempotent). */
  subscribe(consumer: VideoConsumer): () => void;
  /** Asks for a keyframe; at most one is forced per 300 ms, a request in between is remembered. `consumer` is who needs it. */
  requestKeyframe(consumer?: VideoConsumer): void;
}
