/** What the reference needs of a browser's offer. */
export interface ReferenceOffer {
  /** Constrained baseline in packetization mode 1 (RFC 6184). */
  payloadType: number;
  videoMid: string;
  /** Id of the playout-delay header extension; null when not offered. */
  playoutDelayId: number | null;
  interactive: boolean;
}

export const PLAYOUT_DELAY = 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay';

/** Reads an offer. Throws when it has no H.264 that fits. */
export function readReferenceOffer(sdp: string): ReferenceOffer {
  const formats = [...sdp.matchAll(/a=fmtp:(\d+) ([^\r\n]*)/g)];
  const format = formats.find(
    ([, , parameters]) =>
      /42e01f/i.test(parameters ?? '') && /packetization-mode=1/.test(parameters ?? ''),
  );
  const mid = /m=video[\s\S]*?a=mid:(\S+)/.exec(sdp)?.[1];
  if (!format?.[1] || !mid) throw new Error('the offer has no constrained baseline H.264');
  const extension = new RegExp(`a=extmap:(\\d+)\\S* ${PLAYOUT_DELAY}`).exec(sdp)?.[1];
  return {
    payloadType: Number(format[1]),
    videoMid: mid,
    playoutDelayId: extension ? Number(extension) : null,
    interactive: sdp.includes('m=application'),
  };
}
