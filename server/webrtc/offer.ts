import { KvmError } from '../errors.js';
import { chooseH264 } from './h264-payload.js';
import { isUsableCandidate, MAX_REMOTE_CANDIDATES } from './ice-candidates.js';
import {
  attribute,
  attributes,
  parseSdp,
  type SdpDescription,
  type SdpSection,
} from './sdp-sections.js';

export const MID_URI = 'urn:ietf:params:rtp-hdrext:sdes:mid';
export const PLAYOUT_DELAY_URI = 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay';

/** ICE credentials of one side (RFC 8839 section 5.4). */
export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

/** What is left of an offer: the parts that are accepted, and enough to answer the rest. */
export interface ExaminedOffer {
  /** All m-lines in the offer's order; `mid` is null where a rejected section has none. */
  readonly sections: ReadonlyArray<{ section: SdpSection; mid: string | null; accepted: boolean }>;
  readonly videoMid: string;
  /** The page's data channels ride in the same offer. */
  readonly interactive: boolean;
  readonly credentials: IceCredentials;
  /** The description for werift with other ICE credentials (ICE restart) or with the offer's own. */
  toSdp(credentials?: IceCredentials): string;
}

const ICE_CHARS = /^[A-Za-z0-9+/]+$/;
const FINGERPRINT = /^sha-(?:256|384|512) [0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+$/;
const MID = /^[A-Za-z0-9_.~+-]{1,32}$/;
const FEEDBACK = new Set(['nack', 'nack pli', 'ccm fir', 'goog-remb']);

/** Throws KvmError('bad-sdp') unless these are ICE credentials by RFC 8839. */
export function checkCredentials(
  ufrag: string | undefined,
  pwd: string | undefined,
): IceCredentials {
  if (!ufrag || ufrag.length < 4 || ufrag.length > 256 || !ICE_CHARS.test(ufrag)) {
    throw new KvmError('bad-sdp', 'The offer has no valid a=ice-ufrag.');
  }
  if (!pwd || pwd.length < 22 || pwd.length > 256 || !ICE_CHARS.test(pwd)) {
    throw new KvmError('bad-sdp', 'The offer has no valid a=ice-pwd.');
  }
  return { ufrag, pwd };
}

/**
 * Reads an offer before werift sees it. werift gets a description written anew with only what it needs: one video
 * section with one H.264 payload of packetization mode 1 (werift would take the first H.264 by name, mode 0 too),
 * the data channel section, no end-of-candidates (with only .local candidates werift would fail at once), no
 * transport-wide congestion control. Throws KvmError bad-sdp, no-video or no-h264, nothing else.
 */
export function examineOffer(sdp: string): ExaminedOffer {
  const description = parseSdp(sdp);
  const mids = description.sections.map((section) => readMid(section));
  const bundle = readBundle(description);
  const video = chooseVideo(description, bundle);
  const application = description.sections.find(
    (section) =>
      section.kind === 'application' &&
      section.protocol.includes('SCTP') &&
      section.formats.includes('webrtc-datachannel') &&
      isOffered(section, bundle),
  );
  const accepted = [video.section, ...(application ? [application] : [])];
  for (const section of accepted) {
    const mid = readMid(section);
    if (mid === null) throw new KvmError('bad-sdp', `The ${section.kind} section has no a=mid.`);
    if (accepted.length > 1 && !bundle.includes(mid)) {
      throw new KvmError('bad-sdp', 'Video and data channels must be in one BUNDLE group.');
    }
  }
  if (new Set(mids).size !== mids.length && mids.every((mid) => mid !== null)) {
    throw new KvmError('bad-sdp', 'Two m-lines have the same a=mid.');
  }
  const transport = readTransport(description, video.section, bundle);
  const videoMid = readMid(video.section) as string;
  const order = description.sections.filter((section) => accepted.includes(section));
  return {
    sections: description.sections.map((section, index) => ({
      section,
      mid: mids[index] ?? null,
      accepted: accepted.includes(section),
    })),
    videoMid,
    interactive: application !== undefined,
    credentials: transport.credentials,
    toSdp: (credentials = transport.credentials) => {
      const candidates = credentials === transport.credentials ? transport.candidates : [];
      const common = [
        `a=ice-ufrag:${credentials.ufrag}`,
        `a=ice-pwd:${credentials.pwd}`,
        'a=ice-options:trickle',
        ...transport.fingerprints.map((value) => `a=fingerprint:${value}`),
        `a=setup:${transport.setup}`,
      ];
      const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'];
      if (transport.lite) lines.push('a=ice-lite');
      lines.push(`a=group:BUNDLE ${order.map((section) => readMid(section)).join(' ')}`);
      for (const section of order) {
        const body = section === application ? applicationLines(section) : video.lines;
        lines.push(...body, `a=mid:${readMid(section)}`, ...common);
        // Candidates of a bundle belong to its first section.
        if (section === order[0]) lines.push(...candidates.map((value) => `a=candidate:${value}`));
      }
      return `${lines.join('\r\n')}\r\n`;
    },
  };
}

function readMid(section: SdpSection): string | null {
  const mid = attribute(section.lines, 'mid');
  if (mid === undefined) return null;
  if (!MID.test(mid)) throw new KvmError('bad-sdp', 'The offer has an a=mid that is not valid.');
  return mid;
}

function readBundle(description: SdpDescription): string[] {
  const group = attributes(description.session, 'group').find((value) =>
    value.startsWith('BUNDLE '),
  );
  return group?.split(' ').slice(1) ?? [];
}

/** A section is offered with a port, or without one when it exists only inside the bundle (RFC 8843 section 6). */
function isOffered(section: SdpSection, bundle: readonly string[]): boolean {
  if (section.port !== 0) return true;
  return (
    attribute(section.lines, 'bundle-only') !== undefined && bundle.includes(readMid(section) ?? '')
  );
}

function chooseVideo(
  description: SdpDescription,
  bundle: readonly string[],
): { section: SdpSection; lines: string[] } {
  const wanted = description.sections.filter(
    (section) =>
      section.kind === 'video' &&
      isOffered(section, bundle) &&
      !section.lines.includes('a=sendonly') &&
      !section.lines.includes('a=inactive'),
  );
  if (wanted.length === 0) throw new KvmError('no-video');
  for (const section of wanted) {
    const payload = chooseH264(section);
    if (!payload) continue;
    if (attribute(section.lines, 'rtcp-mux') === undefined) {
      throw new KvmError('bad-sdp', 'The video section has no a=rtcp-mux.');
    }
    return { section, lines: videoLines(section, payload) };
  }
  throw new KvmError('no-h264');
}

function videoLines(
  section: SdpSection,
  payload: NonNullable<ReturnType<typeof chooseH264>>,
): string[] {
  const { payloadType, rtxPayloadType, fmtp } = payload;
  const formats = rtxPayloadType === null ? [payloadType] : [payloadType, rtxPayloadType];
  const feedback = attributes(section.lines, 'rtcp-fb').flatMap((value) => {
    const [format, ...rest] = value.split(' ');
    const kind = rest.join(' ').trim();
    return (format === '*' || format === String(payloadType)) && FEEDBACK.has(kind) ? [kind] : [];
  });
  const lines = [
    `m=video 9 UDP/TLS/RTP/SAVPF ${formats.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    section.lines.includes('a=recvonly') ? 'a=recvonly' : 'a=sendrecv',
    'a=rtcp-mux',
    `a=rtpmap:${payloadType} H264/90000`,
    `a=fmtp:${payloadType} ${fmtp}`,
    ...[...new Set(feedback)].map((kind) => `a=rtcp-fb:${payloadType} ${kind}`),
  ];
  if (rtxPayloadType !== null) {
    lines.push(
      `a=rtpmap:${rtxPayloadType} rtx/90000`,
      `a=fmtp:${rtxPayloadType} apt=${payloadType}`,
    );
  }
  const used = new Set<string>();
  for (const value of attributes(section.lines, 'extmap')) {
    const [, id, uri] = /^(\d{1,3})(?:\/\w+)? (\S+)/.exec(value) ?? [];
    if (!id || !uri || used.has(uri) || (uri !== MID_URI && uri !== PLAYOUT_DELAY_URI)) continue;
    // One-byte header extensions carry the identifiers 1 to 14 (RFC 8285 section 4.2).
    if (Number(id) < 1 || Number(id) > 14) continue;
    used.add(uri);
    lines.push(`a=extmap:${Number(id)} ${uri}`);
  }
  return lines;
}

function applicationLines(section: SdpSection): string[] {
  const port = attribute(section.lines, 'sctp-port') ?? '5000';
  const size = attribute(section.lines, 'max-message-size') ?? '65536';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535 || !/^\d{1,10}$/.test(size)) {
    throw new KvmError('bad-sdp', 'The application section has values that are not valid.');
  }
  return [
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=sctp-port:${port}`,
    `a=max-message-size:${size}`,
  ];
}

function readTransport(
  description: SdpDescription,
  video: SdpSection,
  bundle: readonly string[],
): {
  credentials: IceCredentials;
  fingerprints: string[];
  setup: string;
  lite: boolean;
  candidates: string[];
} {
  const inBundle = description.sections.filter((section) =>
    bundle.includes(readMid(section) ?? ''),
  );
  // A section that exists only in the bundle takes its transport from the first one (RFC 8843 section 7.1.3).
  const sources = [video, ...inBundle]
    .map((section) => section.lines)
    .concat([description.session]);
  const first = (name: string) =>
    sources.map((lines) => attribute(lines, name)).find((value) => value !== undefined);
  const fingerprints = sources
    .map((lines) => attributes(lines, 'fingerprint').filter((value) => FINGERPRINT.test(value)))
    .find((values) => values.length > 0);
  if (!fingerprints) throw new KvmError('bad-sdp', 'The offer has no usable a=fingerprint.');
  const setup = first('setup') ?? 'actpass';
  if (!['actpass', 'active', 'passive'].includes(setup)) {
    throw new KvmError('bad-sdp', 'The offer has an a=setup that is not valid.');
  }
  const candidates = new Set(
    [video, ...inBundle].flatMap((section) => attributes(section.lines, 'candidate')),
  );
  return {
    credentials: checkCredentials(first('ice-ufrag'), first('ice-pwd')),
    fingerprints: [...new Set(fingerprints)].slice(0, 4),
    setup,
    lite: attribute(description.session, 'ice-lite') !== undefined,
    candidates: [...candidates]
      .filter((value) => isUsableCandidate(`candidate:${value}`))
      .slice(0, MAX_REMOTE_CANDIDATES),
  };
}
