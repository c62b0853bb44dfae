/** What adaptation may choose from. */
export interface EncoderLimits {
  readonly ceilingBps: number;
  /** Below this pictures would become unreadable: there are fewer of them instead. */
  readonly floorBps: number;
  readonly frameRate: number;
}

export interface EncoderSettings {
  readonly bitrateBps: number;
  readonly frameRate: number;
}

/** Fewer pictures than this are no control of a computer. */
const FEWEST_PER_SECOND = 2;

/**
 * What to ask of the encoder for a path that carries `rateBps`, of which `presentBps` may be used now. A moment of
 * restraint changes the bit rate alone: it must end at once.
 */
export function encoderSettings(
  rateBps: number,
  presentBps: number,
  { ceilingBps, floorBps, frameRate }: EncoderLimits,
): EncoderSettings {
  const share = Math.min(1, rateBps / Math.min(floorBps, ceilingBps));
  const fewest = Math.min(frameRate, FEWEST_PER_SECOND);
  return {
    bitrateBps: Math.round(Math.min(ceilingBps, presentBps)),
    frameRate: Math.max(fewest, Math.round(frameRate * share)),
  };
}
