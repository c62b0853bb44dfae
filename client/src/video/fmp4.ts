import { box, concat, fullBox, u8, u16, u32, u64 } from './mp4-box.js';

/** Ticks per second of all times in here. */
export const MEDIA_TIMESCALE = 90_000;

/** What a decoder must know before the first picture. */
export interface VideoDescription {
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
  /** Size of the picture, pixels. */
  readonly width: number;
  readonly height: number;
}

/** One coded picture on the timeline; times in ticks of {@link MEDIA_TIMESCALE}. */
export interface Sample {
  /** Its NAL units, without parameter sets and delimiters. */
  readonly nalUnits: readonly Uint8Array[];
  readonly keyframe: boolean;
  readonly time: number;
  readonly duration: number;
}

const TRACK = 1;
const NOTHING = u32(0);
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/**
 * The initialization segment (ISO/IEC 14496-12 and 14496-15) of a stream with one H.264 track and no end: Media Source
 * Extensions take it before the first picture and whenever the description changes.
 */
export function initSegment(description: VideoDescription): Uint8Array<ArrayBuffer> {
  const brands = [...'iso5iso6mp41avc1'].map((character) => character.charCodeAt(0));
  return concat([
    box('ftyp', u8(...brands.slice(0, 4)), u32(512), u8(...brands)),
    box('moov', movieHeader(), track(description), box('mvex', trackExtends())),
  ]);
}

function movieHeader(): Uint8Array {
  // Created, modified, duration unknown; rate 1, volume 1; the next track's number.
  const head = u32(0, 0, MEDIA_TIMESCALE, 0, 0x10000);
  const rest = concat([u16(0x100, 0), u32(0, 0), MATRIX, u32(0, 0, 0, 0, 0, 0), u32(TRACK + 1)]);
  return fullBox('mvhd', 0, 0, head, rest);
}

function trackExtends(): Uint8Array {
  return fullBox('trex', 0, 0, u32(TRACK, 1, 0, 0, 0));
}

function track(description: VideoDescription): Uint8Array {
  const { width, height } = description;
  const header = fullBox(
    'tkhd',
    0,
    // Enabled, in the movie.
    3,
    u32(0, 0, TRACK, 0, 0, 0, 0),
    u16(0, 0, 0, 0),
    MATRIX,
    u32(width * 0x10000, height * 0x10000),
  );
  const language = u16(0x55c4, 0);
  const media = fullBox('mdhd', 0, 0, u32(0, 0, MEDIA_TIMESCALE, 0), language);
  const name = Uint8Array.from('vide\0\0\0\0\0\0\0\0\0\0\0\0\0', (each) => each.charCodeAt(0));
  const kind = fullBox('hdlr', 0, 0, NOTHING, name);
  const here = box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)));
  const minf = box('minf', fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)), here, sampleTable(description));
  return box('trak', header, box('mdia', media, kind, minf));
}

/** Its tables are empty: all samples are in fragments. */
function sampleTable({ sps, pps, width, height }: VideoDescription): Uint8Array {
  // Version, profile, constraints and level of the SPS; lengths of four bytes; one SPS and one PPS.
  const avcC = box(
    'avcC',
    u8(1, ...sps.subarray(1, 4), 0xff, 0xe1),
    u16(sps.length),
    sps,
    u8(1),
    u16(pps.length),
    pps,
  );
  const avc1 = box(
    'avc1',
    u16(0, 0, 0, 1, 0, 0),
    u32(0, 0, 0),
    u16(width, height),
    // 72 dots per inch, one picture per sample.
    u32(0x480000, 0x480000, 0),
    u16(1),
    new Uint8Array(32),
    u16(24, 0xffff),
    avcC,
  );
  return box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), avc1),
    fullBox('stts', 0, 0, NOTHING),
    fullBox('stsc', 0, 0, NOTHING),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, NOTHING),
  );
}

const SYNC_SAMPLE = 0x02000000;
const OTHER_SAMPLE = 0x01010000;

/** A media segment of one picture. @param number counts segments from 1 */
export function mediaSegment(sample: Sample, number: number): Uint8Array<ArrayBuffer> {
  const { nalUnits, keyframe, time, duration } = sample;
  const bytes = nalUnits.reduce((sum, { length }) => sum + 4 + length, 0);
  const fragment = (dataOffset: number): Uint8Array =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(number)),
      box(
        'traf',
        // Offsets count from the fragment's beginning.
        fullBox('tfhd', 0, 0x020000, u32(TRACK)),
        fullBox('tfdt', 1, 0, u64(time)),
        // Data offset, then of each sample its duration, size and flags.
        fullBox(
          'trun',
          0,
          0x000701,
          u32(1, dataOffset, duration, bytes, keyframe ? SYNC_SAMPLE : OTHER_SAMPLE),
        ),
      ),
    );
  const dataOffset = fragment(0).length + 8;
  const payload = nalUnits.flatMap((unit) => [u32(unit.length), unit]);
  return concat([fragment(dataOffset), u32(8 + bytes), MDAT, ...payload]);
}

const MDAT = Uint8Array.from('mdat', (character) => character.charCodeAt(0));
