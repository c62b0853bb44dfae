import type { AccessUnit } from '../protocol/access-unit.js';

/** Receives coded pictures, a keyframe first. */
export interface VideoConsumer {
  accessUnit(unit: AccessUnit): void;
}

/** The running picture stream, on demand: the pipeline runs while somebody is subscribed. */
export interface VideoFeed {
  /** Starts delivering, from a stored or forced keyframe on. Returns the unsubscribe function (idempotent). */
  subscribe(consumer: VideoConsumer): () => void;
  /** Asks for a keyframe; at most one is forced per 300 ms, a request in between is remembered. */
  requestKeyframe(): void;
}
