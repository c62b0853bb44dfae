import type { ErrorCode } from '../../../server/protocol/error-codes.js';
import type { RequestOptions } from './test-unit.js';

/** One bad request and the code that answers it. "ID" in the path stands for an open WHEP resource. */
export interface BadRequestRow {
  what: string;
  method: string;
  path: string;
  options?: RequestOptions;
  /** Without a sign-in. */
  stranger?: boolean;
  code: ErrorCode;
}

export const OFFER = 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 H264/90000\r\n';
export const CANDIDATE = 'a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 5000 typ host\r\n';

export function sdp(body: string, type = 'application/sdp'): RequestOptions {
  return { body, headers: { 'Content-Type': type } };
}

export function fragment(body: string, ifMatch?: string): RequestOptions {
  return {
    body,
    headers: {
      'Content-Type': 'application/trickle-ice-sdpfrag',
      ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    },
  };
}
