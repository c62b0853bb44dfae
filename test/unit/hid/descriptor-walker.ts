/** One field of a report, as the items of a descriptor make it (HID 1.11 section 6.2.2). */
export interface ReportField {
  kind: 'input' | 'output';
  reportId: number;
  /** Offset in its report, after the report id. */
  bit: number;
  bits: number;
  /** Null for padding. Page in the upper half; a range for arrays. */
  usage: number | [number, number] | null;
  logical: [number, number];
  relative: boolean;
}

interface Globals {
  page: number;
  logical: [number, number];
  size: number;
  count: number;
  reportId: number;
}

/** Reads a report descriptor and lists its fields; throws on what it does not know. */
export function walk(descriptor: Uint8Array): ReportField[] {
  const view = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength);
  const globals: Globals = { page: 0, logical: [0, 0], size: 0, count: 0, reportId: 0 };
  const offsets = new Map<string, number>();
  const fields: ReportField[] = [];
  let usages: number[] = [];
  let minimum = 0;
  let maximum = 0;
  let depth = 0;
  for (let at = 0; at < descriptor.length; ) {
    const prefix = view.getUint8(at);
    const length = [0, 1, 2, 4][prefix & 3] as number;
    const unsigned =
      length === 0 ? 0 : length === 1 ? view.getUint8(at + 1) : view.getUint16(at + 1, true);
    const signed =
      length === 0 ? 0 : length === 1 ? view.getInt8(at + 1) : view.getInt16(at + 1, true);
    if (length === 4) throw new Error('no item of ours has four bytes');
    at += 1 + length;
    const main = { 128: 'input', 144: 'output' }[prefix & 0xfc] as 'input' | 'output' | undefined;
    switch (prefix & 0xfc) {
      case 0x04:
        globals.page = unsigned;
        break;
      case 0x14:
        globals.logical = [signed, globals.logical[1]];
        break;
      case 0x24:
        globals.logical = [globals.logical[0], signed];
        break;
      case 0x74:
        globals.size = unsigned;
        break;
      case 0x94:
        globals.count = unsigned;
        break;
      case 0x84:
        globals.reportId = unsigned;
        break;
      case 0x08:
        usages.push((globals.page << 16) | unsigned);
        break;
      case 0x18:
        minimum = (globals.page << 16) | unsigned;
        break;
      case 0x28:
        maximum = (globals.page << 16) | unsigned;
        break;
      case 0xa0:
        depth += 1;
        break;
      case 0xc0:
        depth -= 1;
        break;
      default:
        if (!main) throw new Error(`unknown item 0x${prefix.toString(16)}`);
    }
    if (main) {
      const key = `${main} ${globals.reportId}`;
      for (let n = 0; n < globals.count; n += 1) {
        const bit = offsets.get(key) ?? 0;
        offsets.set(key, bit + globals.size);
        const constant = (unsigned & 1) !== 0;
        const array = (unsigned & 2) === 0;
        const one = usages[Math.min(n, usages.length - 1)] ?? minimum + n;
        fields.push({
          kind: main,
          reportId: globals.reportId,
          bit,
          bits: globals.size,
          usage: constant ? null : array ? [minimum, maximum] : one,
          logical: [...globals.logical],
          relative: (unsigned & 4) !== 0,
        });
      }
    }
    // Local items end with the main item; a collection and its end are main items too.
    if (main || (prefix & 0xfc) === 0xa0 || (prefix & 0xfc) === 0xc0) {
      usages = [];
      minimum = 0;
      maximum = 0;
    }
  }
  if (depth !== 0) throw new Error('a collection is not closed');
  return fields;
}

/** Bytes of a report, with its id. */
export function reportLength(fields: ReportField[], kind: 'input' | 'output', id: number): number {
  const bits = fields
    .filter((field) => field.kind === kind && field.reportId === id)
    .reduce((sum, field) => sum + field.bits, 0);
  if (bits % 8 !== 0) throw new Error(`${bits} bits are no whole bytes`);
  return bits / 8 + (id === 0 ? 0 : 1);
}
