import type { ExaminedOffer } from './offer.js';
import { MID_URI, PLAYOUT_DELAY_URI } from './offer.js';
import { attribute, attributes, parseSdp, type SdpSection } from './sdp-sections.js';

/** What was negotiated for video, as the answer says. */
export interface NegotiatedVideo {
  readonly mid: string;
  readonly payloadType: number;
  readonly rtxPayloadType: number | null;
  /** Identifiers of the RTP header extensions (RFC 8285), null when not negotiated. */
  readonly midExtensionId: number | null;
  readonly playoutDelayExtensionId: number | null;
}

/**
 * The answer for the viewer: werift's sections where the offer was accepted, and in between, at the place that
 * RFC 3264 section 6 demands, the rejected ones with port 0.
 */
export function completeAnswer(weriftAnswer: string, offer: ExaminedOffer): string {
  const answer = parseSdp(weriftAnswer);
  const byMid = new Map(
    answer.sections.map((section) => [attribute(section.lines, 'mid'), section]),
  );
  let first = true;
  const lines = [...answer.session];
  for (const { section, mid, accepted } of offer.sections) {
    const answered = accepted ? byMid.get(mid ?? undefined) : undefined;
    if (answered) {
      lines.push(mediaLine(answered, answered.port), ...sectionLines(answered, first));
      first = false;
    } else {
      lines.push(mediaLine(section, 0), 'c=IN IP4 0.0.0.0', 'a=inactive');
      if (mid !== null) lines.push(`a=mid:${mid}`);
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** The answer with further candidates, lines with `a=`, in the section that has the transport of the bundle. */
export function addCandidates(answerSdp: string, candidates: readonly string[]): string {
  return answerSdp.replace(/^a=ice-pwd:.*\r\n/m, (line) =>
    [line, ...candidates.map((each) => `${each}\r\n`)].join(''),
  );
}

function mediaLine(section: SdpSection, port: number): string {
  return `m=${section.kind} ${port} ${section.protocol} ${section.formats.join(' ')}`;
}

/** Candidates belong to the first section of the bundle; werift repeats them. More may follow, so no end is marked. */
function sectionLines(section: SdpSection, first: boolean): string[] {
  const seen = new Set<string>();
  return section.lines.filter((line) => {
    if (line === 'a=end-of-candidates') return false;
    if (!line.startsWith('a=candidate:')) return true;
    // Nobody is dialled: the viewer connects, or UDP is used.
    if (!first || seen.has(line) || line.includes(' tcptype active')) return false;
    seen.add(line);
    return true;
  });
}

/** Reads what an answer settled for the video section with this mid. Throws a plain Error if it settled nothing. */
export function readNegotiatedVideo(answerSdp: string, mid: string): NegotiatedVideo {
  const section = parseSdp(answerSdp).sections.find(
    ({ kind, lines }) => kind === 'video' && attribute(lines, 'mid') === mid,
  );
  const rtpmaps = attributes(section?.lines ?? [], 'rtpmap').map((value) => value.split(' '));
  const find = (name: string) => {
    const type = rtpmaps.find(([, codec]) => codec?.toLowerCase() === name)?.[0];
    return type === undefined ? null : Number(type);
  };
  const payloadType = find('h264/90000');
  if (!section || section.port === 0 || payloadType === null) {
    throw new Error('werift rejected the video section');
  }
  const extension = (uri: string) => {
    const value = attributes(section.lines, 'extmap').find((line) => line.endsWith(` ${uri}`));
    return value === undefined ? null : Number.parseInt(value, 10);
  };
  return {
    mid,
    payloadType,
    rtxPayloadType: find('rtx/90000'),
    midExtensionId: extension(MID_URI),
    playoutDelayExtensionId: extension(PLAYOUT_DELAY_URI),
  };
}
