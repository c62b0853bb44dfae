import type { AccessUnit } from '../../../server/protocol/access-unit.js';
import { codecStringOfSps } from './codec-string.js';
import { initSegment } from './fmp4.js';
import { NAL_TYPE, nalTypeOf } from './nal-units.js';

/** What a stream is from a picture on. */
export interface StreamDescription {
  readonly codec: string;
  readonly segment: Uint8Array<ArrayBuffer>;
}

/** Knows when a stream becomes another one: another size, other parameter sets. */
export class StreamDescriber {
  #last: Uint8Array | null = null;

  /** What this picture changes; null when it goes on as before. */
  changeAt(unit: AccessUnit, nalUnits: readonly Uint8Array[]): StreamDescription | null {
    const sps = nalUnits.find((each) => nalTypeOf(each) === NAL_TYPE.sps);
    const pps = nalUnits.find((each) => nalTypeOf(each) === NAL_TYPE.pps);
    if (!sps || !pps) return null;
    const { width, height } = unit;
    const segment = initSegment({ sps, pps, width, height });
    const { length } = segment;
    if (this.#last?.length === length && this.#last.every((byte, at) => byte === segment[at])) {
      return null;
    }
    this.#last = segment;
    return { codec: codecStringOfSps(sps), segment };
  }
}
