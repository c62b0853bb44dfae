import {
  DESCRIPTOR_BYTES,
  EDID_BLOCK_BYTES,
  EDID_HEADER,
  EDID_OFFSETS,
  edidChecksum,
} from './edid-layout.js';

/** What is wrong with an EDID at which byte, counted from 0 over all blocks. */
export interface EdidProblem {
  byte: number;
  problem: string;
}

/** The base block and the one extension that capture chips have memory for. */
const MOST_BLOCKS = 2;

const CTA_TAG = 0x02;

const hex = (byte: number | undefined) => `0x${(byte ?? 0).toString(16).padStart(2, '0')}`;

/**
 * Checks what a target would stumble over: header, version, checksums, the number of extensions, a preferred timing,
 * and that the data blocks of a CTA-861 extension fit. Returns nothing for a usable EDID.
 */
export function edidProblems(edid: Uint8Array): EdidProblem[] {
  const blocks = edid.length / EDID_BLOCK_BYTES;
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > MOST_BLOCKS) {
    return [
      {
        byte: edid.length,
        problem: `an EDID has 128 or 256 bytes, this one has ${edid.length}${textHint(edid)}`,
      },
    ];
  }
  const problems: EdidProblem[] = [];
  const wrongAt = EDID_HEADER.findIndex((byte, index) => edid[index] !== byte);
  if (wrongAt >= 0) {
    const expected = hex(EDID_HEADER[wrongAt]);
    problems.push({
      byte: wrongAt,
      problem: `the header has ${hex(edid[wrongAt])} instead of ${expected}${textHint(edid)}`,
    });
    // What follows is no EDID.
    return problems;
  }
  for (let block = 0; block < blocks; block++) problems.push(...checksumProblems(edid, block));
  problems.push(...baseProblems(edid, blocks));
  if (blocks === 2) problems.push(...extensionProblems(edid.subarray(EDID_BLOCK_BYTES)));
  return problems.sort((a, b) => a.byte - b.byte);
}

/** Many files of EDIDs on the web are hexadecimal text. */
function textHint(edid: Uint8Array): string {
  const text =
    edid.length > 0 && edid.every((byte) => /[0-9a-fx,\s]/i.test(String.fromCharCode(byte)));
  return text ? ': it is text, but must be binary' : '';
}

function checksumProblems(edid: Uint8Array, block: number): EdidProblem[] {
  const start = block * EDID_BLOCK_BYTES;
  const byte = start + EDID_OFFSETS.checksum;
  const right = edidChecksum(edid.subarray(start, start + EDID_BLOCK_BYTES));
  if (edid[byte] === right) return [];
  return [{ byte, problem: `the checksum is ${hex(edid[byte])}, but must be ${hex(right)}` }];
}

function baseProblems(edid: Uint8Array, blocks: number): EdidProblem[] {
  const problems: EdidProblem[] = [];
  const version = edid[EDID_OFFSETS.version];
  if (version !== 1) {
    problems.push({ byte: EDID_OFFSETS.version, problem: `version ${version} is not 1` });
  }
  const extensions = edid[EDID_OFFSETS.extensionCount] ?? 0;
  if (extensions !== blocks - 1) {
    problems.push({
      byte: EDID_OFFSETS.extensionCount,
      problem: `it announces ${extensions} extension blocks, but has ${blocks - 1}`,
    });
  }
  problems.push(...timingProblems(edid, EDID_OFFSETS.descriptors, 'the first descriptor'));
  return problems;
}

function timingProblems(edid: Uint8Array, at: number, what: string): EdidProblem[] {
  const byte = (offset: number) => edid[at + offset] ?? 0;
  if (byte(0) === 0 && byte(1) === 0) {
    return [{ byte: at, problem: `${what} must be the preferred timing, but has no pixel clock` }];
  }
  const width = byte(2) | ((byte(4) & 0xf0) << 4);
  const height = byte(5) | ((byte(7) & 0xf0) << 4);
  if (width === 0) return [{ byte: at + 2, problem: `${what} has a width of 0` }];
  if (height === 0) return [{ byte: at + 5, problem: `${what} has a height of 0` }];
  return [];
}

function extensionProblems(block: Uint8Array): EdidProblem[] {
  if (block[0] !== CTA_TAG) return [];
  const problem = (byte: number, text: string) => [
    { byte: EDID_BLOCK_BYTES + byte, problem: text },
  ];
  const timingsAt = block[2] ?? 0;
  if (timingsAt === 0) return [];
  const last = EDID_OFFSETS.checksum - DESCRIPTOR_BYTES;
  if (timingsAt < 4 || timingsAt > EDID_OFFSETS.checksum) {
    return problem(2, `timings begin at ${timingsAt}, allowed: 0, or 4 to ${last}`);
  }
  let at = 4;
  while (at < timingsAt) {
    const length = (block[at] ?? 0) & 0x1f;
    if (at + 1 + length > timingsAt) {
      return problem(
        at,
        `a data block of ${length} bytes reaches into the timings at ${timingsAt}`,
      );
    }
    at += 1 + length;
  }
  return [];
}
