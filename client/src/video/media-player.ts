import type { TimelineKind } from './media-timeline.js';

/** Constrained Baseline, level 3.1: what plays this plays the others. */
const COMMON_TYPE = videoType('avc1.42c01f');

/** The media type of a fragmented MP4 stream. */
export function videoType(codec: string): string {
  return `video/mp4; codecs="${codec}"`;
}

/** Media Source Extensions as this browser has them (an iPhone has the managed ones alone); null without H.264 in them. */
export function mediaSources(): typeof MediaSource | null {
  const own = globalThis as {
    MediaSource?: typeof MediaSource;
    ManagedMediaSource?: typeof MediaSource;
  };
  const sources = own.MediaSource ?? own.ManagedMediaSource;
  return sources?.isTypeSupported(COMMON_TYPE) ? sources : null;
}

/** Only Firefox plays best from the edge, and only it knows this property. */
export function ownTimelineKind(): TimelineKind {
  return CSS.supports('-moz-appearance', 'none') ? 'edge' : 'open';
}
