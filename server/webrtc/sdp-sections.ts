import { KvmError } from '../errors.js';

/** One m-section of an SDP description (RFC 8866): its m-line and what follows up to the next one. */
export interface SdpSection {
  readonly kind: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  /** Lines after the m-line, without line ends. */
  readonly lines: readonly string[];
}

/** A description cut into its parts. */
export interface SdpDescription {
  readonly session: readonly string[];
  readonly sections: readonly SdpSection[];
}

const MAX_SECTIONS = 16;
const MEDIA_LINE = /^m=([a-z]+) (\d{1,5})(?:\/\d+)? ([A-Za-z0-9/]+) (\S+(?: \S+)*)$/;

/** Cuts a description into session and m-sections. Throws KvmError('bad-sdp') for what is no SDP at all. */
export function parseSdp(sdp: string): SdpDescription {
  const lines = sdp.split(/\r\n|\n/).filter((line) => line !== '');
  if (lines[0] !== 'v=0') throw new KvmError('bad-sdp', 'The offer does not begin with v=0.');
  const session: string[] = [];
  const sections: Array<SdpSection & { lines: string[] }> = [];
  for (const line of lines) {
    if (!/^[a-z]=/.test(line))
      throw new KvmError('bad-sdp', 'The offer has a line that is not SDP.');
    if (line.startsWith('m=')) sections.push(parseMediaLine(line));
    else (sections.at(-1)?.lines ?? session).push(line);
  }
  if (sections.length === 0 || sections.length > MAX_SECTIONS) {
    throw new KvmError(
      'bad-sdp',
      `The offer has ${sections.length} m-lines, 1 to ${MAX_SECTIONS} are allowed.`,
    );
  }
  return { session, sections };
}

function parseMediaLine(line: string): SdpSection & { lines: string[] } {
  const match = MEDIA_LINE.exec(line);
  const [, kind, port, protocol, formats] = match ?? [];
  if (!kind || !port || !protocol || !formats) {
    throw new KvmError('bad-sdp', 'The offer has an m-line that is not valid.');
  }
  return { kind, port: Number(port), protocol, formats: formats.split(' '), lines: [] };
}

/** Values of all attributes `a=name:value` (or '' for `a=name`) in these lines. */
export function attributes(lines: readonly string[], name: string): string[] {
  const flag = `a=${name}`;
  const prefix = `${flag}:`;
  return lines.flatMap((line) =>
    line === flag ? [''] : line.startsWith(prefix) ? [line.slice(prefix.length).trim()] : [],
  );
}

/** The first value of an attribute, or undefined. */
export function attribute(lines: readonly string[], name: string): string | undefined {
  return attributes(lines, name)[0];
}
