/** A way in which a dongle sends its pictures. */
export interface DongleFormat {
  fourcc: 'MJPG' | 'YUYV';
  /** The rates that it offers, pictures per second. */
  rates: readonly number[];
}

export const SIZE = { width: 1280, height: 720 } as const;
export const STREAM_ENDPOINT = 0x81;
/** What one transfer of the host takes: 32 packets. */
export const PAYLOAD_SIZE = 16_384;
export const FRAME_SIZE = SIZE.width * SIZE.height * 2;

/** USB Video Class, clause 4.3.1.1: in 100 ns. */
export const intervalOf = (rate: number) => Math.round(10_000_000 / rate);

const CONFIGURATION = 2;
const CS_INTERFACE = 0x24;
const VIDEO = 0x0e;
const YUYV_GUID = Buffer.from('5955593200001000800000aa00389b71', 'hex');

const u16 = (value: number) => [value & 0xff, value >> 8];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
/** A descriptor begins with its length. */
const descriptor = (...bytes: number[]) => Buffer.from([bytes.length + 1, ...bytes]);

export const DEVICE = descriptor(
  ...[1, ...u16(0x200), 0xef, 2, 1, 64],
  // pid.codes' number for tests.
  ...[...u16(0x1209), ...u16(1), ...u16(0x100), 0, 1, 0, 1],
);

export const LANGUAGES = descriptor(3, ...u16(0x409));
export const stringDescriptor = (text: string) => descriptor(3, ...Buffer.from(text, 'utf16le'));

/** Clauses 3.9.2.1 and 3.9.2.3, with the formats' own parts. */
function streamFormat({ fourcc, rates }: DongleFormat, index: number): Buffer {
  const jpeg = fourcc === 'MJPG';
  const format = jpeg
    ? descriptor(CS_INTERFACE, 6, index, 1, 1, 1, 0, 0, 0, 0)
    : descriptor(CS_INTERFACE, 4, index, 1, ...YUYV_GUID, 16, 1, 0, 0, 0, 0);
  const bitrate = u32(FRAME_SIZE * 8);
  const intervals = rates.map(intervalOf);
  const frame = descriptor(
    ...[CS_INTERFACE, jpeg ? 7 : 5, 1, 0, ...u16(SIZE.width), ...u16(SIZE.height)],
    ...[...bitrate, ...bitrate, ...u32(FRAME_SIZE), ...u32(intervals[0] ?? 0)],
    ...[intervals.length, ...intervals.flatMap(u32)],
  );
  // BT.601.
  return Buffer.concat([format, frame, descriptor(CS_INTERFACE, 0x0d, 1, 1, 4)]);
}

/** The configuration of a video device with one input, which streams over a bulk endpoint. */
export function configurationOf(formats: readonly DongleFormat[]): Buffer {
  const terminals = Buffer.concat([
    // A camera, as dongles call their input too, which goes to the USB.
    descriptor(CS_INTERFACE, 2, 1, ...u16(0x201), 0, 0, ...u16(0), ...u16(0), ...u16(0), 0),
    descriptor(CS_INTERFACE, 3, 2, ...u16(0x101), 0, 1, 0),
  ]);
  const controlSize = 13;
  const control = descriptor(
    ...[CS_INTERFACE, 1, ...u16(0x100), ...u16(controlSize + terminals.length)],
    ...[...u32(48_000_000), 1, 1],
  );
  const stream = Buffer.concat(formats.map((format, index) => streamFormat(format, index + 1)));
  const headerSize = 13 + formats.length;
  const header = descriptor(
    ...[CS_INTERFACE, 1, formats.length, ...u16(headerSize + stream.length), STREAM_ENDPOINT],
    ...[0, 2, 0, 0, 0, 1, ...formats.map(() => 0)],
  );
  const body = Buffer.concat([
    descriptor(0x0b, 0, 2, VIDEO, 3, 0, 0),
    descriptor(4, 0, 0, 0, VIDEO, 1, 0, 0),
    control,
    terminals,
    descriptor(4, 1, 0, 1, VIDEO, 2, 0, 0),
    header,
    stream,
    descriptor(5, STREAM_ENDPOINT, 2, ...u16(512), 0),
  ]);
  return Buffer.concat([
    descriptor(CONFIGURATION, ...u16(9 + body.length), 2, 1, 0, 0x80, 50),
    body,
  ]);
}
