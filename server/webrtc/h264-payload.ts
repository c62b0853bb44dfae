import { attributes, type SdpSection } from './sdp-sections.js';

/** One H.264 payload type of an offer, ready for the answer. */
export interface H264Payload {
  readonly payloadType: number;
  /** Payload type of retransmissions (RFC 4588), null when not offered. */
  readonly rtxPayloadType: number | null;
  /** Format parameters as offered, rewritten so that only known keys are left. */
  readonly fmtp: string;
}

/** RFC 6184 section 8.1: without profile-level-id, baseline at level 1. */
const DEFAULT_PROFILE = '42000a';

/**
 * The payload type of packetization mode 1 that fits a constrained baseline stream best, or null. Every profile can
 * decode that stream, so the profile only ranks: 42e0 before any other baseline, before main, before the rest.
 */
export function chooseH264(section: SdpSection): H264Payload | null {
  const codecs = new Map(
    attributes(section.lines, 'rtpmap').flatMap((value) => {
      const [, type, name] = /^(\d{1,3}) (\S+)$/.exec(value) ?? [];
      return type && name ? [[Number(type), name.toLowerCase()] as const] : [];
    }),
  );
  const parameters = new Map(
    attributes(section.lines, 'fmtp').flatMap((value) => {
      const [, type, rest] = /^(\d{1,3}) (.*)$/.exec(value) ?? [];
      return type && rest ? [[Number(type), readParameters(rest)] as const] : [];
    }),
  );
  const types = section.formats
    .filter((format) => /^\d{1,3}$/.test(format) && Number(format) < 128)
    .map(Number);
  let best: { payloadType: number; profile: string; rank: number } | null = null;
  for (const payloadType of types) {
    if (codecs.get(payloadType) !== 'h264/90000') continue;
    if (parameters.get(payloadType)?.get('packetization-mode') !== '1') continue;
    const profile = parameters.get(payloadType)?.get('profile-level-id') ?? DEFAULT_PROFILE;
    if (!/^[0-9a-f]{6}$/i.test(profile)) continue;
    const rank = profileRank(profile.toLowerCase());
    if (!best || rank < best.rank) best = { payloadType, profile, rank };
  }
  if (!best) return null;
  const { payloadType, profile } = best;
  const rtx = types.find(
    (type) =>
      codecs.get(type) === 'rtx/90000' && parameters.get(type)?.get('apt') === String(payloadType),
  );
  return {
    payloadType,
    rtxPayloadType: rtx ?? null,
    fmtp: `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profile}`,
  };
}

function readParameters(text: string): Map<string, string> {
  return new Map(
    text.split(';').map((pair) => {
      const [key = '', value = ''] = pair.trim().split('=');
      return [key.toLowerCase(), value] as const;
    }),
  );
}

function profileRank(profile: string): number {
  if (profile.startsWith('42e0')) return 0;
  // constraint_set1_flag: a baseline stream that a main decoder can decode too.
  if (profile.startsWith('42') && Number.parseInt(profile.slice(2, 4), 16) & 0x40) return 1;
  if (profile.startsWith('42')) return 2;
  return profile.startsWith('4d') ? 3 : 4;
}
