import { runNativeTool, sized } from './native-tool.js';

export interface Description {
  matrix: 601 | 709 | 2020;
  fullRange: boolean;
}

/** What describe_sequence() makes of an access unit. */
export interface Described {
  readable: boolean;
  unit: Buffer;
}

/** Has the parameter sets of each access unit say how its colours are coded. Throws when the code touches memory that is not its own. */
export function describeSequences(
  units: readonly Uint8Array[],
  { matrix, fullRange }: Description,
): Described[] {
  const output = runNativeTool('sps-tool', [matrix, fullRange ? 1 : 0], sized(units));
  const result: Described[] = [];
  for (let at = 0; at < output.length; ) {
    const end = at + 5 + output.readUInt32LE(at + 1);
    result.push({ readable: output[at] === 1, unit: output.subarray(at + 5, end) });
    at = end;
  }
  return result;
}
