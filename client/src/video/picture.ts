import type { AccessUnit } from '../../../server/protocol/access-unit.js';

/** A picture that has just been drawn. */
export interface ShownPicture {
  /** RTP timestamp of its capture time: 90 kHz modulo 2^32. */
  rtpTimestamp: number;
  width: number;
  height: number;
  /** performance.now() when it was (or is about to be) on the screen. */
  atMs: number;
}

/** Counts since the picture surface was made. */
export interface PictureCounts {
  frames: number;
  bytes: number;
  /** Share of packets lost on the way, percent; null where the carrier loses none. */
  lostPercent: number | null;
}

/** Something that shows the stream in an element of its own. */
export interface PictureSurface {
  /** Changes with {@link freeze}. */
  readonly element: HTMLElement;
  counts(): Promise<PictureCounts>;
  /** The element was put into the document or to another place of it. */
  moved(): void;
  /** The stream is about to end: the last picture stays in sight until close(). */
  freeze(): void;
  close(): void;
}

/** One that is given the coded pictures. */
export interface ReceivingSurface extends PictureSurface {
  receive(unit: AccessUnit): void;
}
