/** NAL unit types of ITU-T H.264 table 7-1 that a stream of ours may hold. */
export const NAL = { slice: 1, idr: 5, sps: 7, pps: 8 } as const;

/** The NAL units of an Annex B byte stream, without start codes. */
export function nalUnits(stream: Uint8Array): Uint8Array[] {
  const starts: { code: number; payload: number }[] = [];
  for (let at = 0; at + 2 < stream.length; at++) {
    if (stream[at] === 0 && stream[at + 1] === 0 && stream[at + 2] === 1) {
      starts.push({ code: at > 0 && stream[at - 1] === 0 ? at - 1 : at, payload: at + 3 });
    }
  }
  return starts.map(({ payload }, index) =>
    stream.subarray(payload, starts[index + 1]?.code ?? stream.length),
  );
}

export function nalType(unit: Uint8Array): number {
  return (unit[0] ?? 0) & 0x1f;
}

/** Reads the bits of a NAL unit, emulation prevention removed. */
export class BitReader {
  readonly #bytes: number[] = [];
  #at = 0;

  constructor(unit: Uint8Array) {
    let zeros = 0;
    for (const byte of unit.subarray(1)) {
      if (zeros >= 2 && byte === 3) {
        zeros = 0;
        continue;
      }
      zeros = byte === 0 ? zeros + 1 : 0;
      this.#bytes.push(byte);
    }
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new Error('the NAL unit ends early');
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  /** ue(v), 9.1. */
  unsigned(): number {
    let zeros = 0;
    while (this.bits(1) === 0) zeros++;
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v), 9.1.1. */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}

export interface SequenceParameters {
  profile: number;
  constraints: number;
  level: number;
  width: number;
  height: number;
  fullRange: boolean;
  primaries: number;
  transfer: number;
  matrix: number;
}

/** Reads a sequence parameter set (7.3.2.1.1) of a Baseline stream with colour description. */
export function sequenceParameters(unit: Uint8Array): SequenceParameters {
  const reader = new BitReader(unit);
  const profile = reader.bits(8);
  const constraints = reader.bits(8);
  const level = reader.bits(8);
  reader.unsigned();
  reader.unsigned();
  const orderType = reader.unsigned();
  if (orderType === 0) reader.unsigned();
  else if (orderType !== 2) throw new Error(`picture order count type ${orderType}`);
  reader.unsigned();
  reader.bits(1);
  let width = 16 * (reader.unsigned() + 1);
  let height = 16 * (reader.unsigned() + 1);
  if (reader.bits(1) !== 1) throw new Error('interlaced');
  reader.bits(1);
  if (reader.bits(1) === 1) {
    width -= 2 * (reader.unsigned() + reader.unsigned());
    height -= 2 * (reader.unsigned() + reader.unsigned());
  }
  if (reader.bits(1) !== 1) throw new Error('no VUI');
  if (reader.bits(1) === 1) throw new Error('unexpected aspect ratio');
  if (reader.bits(1) === 1) reader.bits(1);
  if (reader.bits(1) !== 1) throw new Error('no video signal type');
  reader.bits(3);
  const fullRange = reader.bits(1) === 1;
  if (reader.bits(1) !== 1) throw new Error('no colour description');
  const primaries = reader.bits(8);
  const transfer = reader.bits(8);
  const matrix = reader.bits(8);
  return { profile, constraints, level, width, height, fullRange, primaries, transfer, matrix };
}

/** First macroblock and type of a slice (7.3.3): type modulo 5 is 0 for P, 1 for B, 2 for I. */
export function sliceStart(unit: Uint8Array): { firstMacroblock: number; type: number } {
  const reader = new BitReader(unit);
  return { firstMacroblock: reader.unsigned(), type: reader.unsigned() % 5 };
}
