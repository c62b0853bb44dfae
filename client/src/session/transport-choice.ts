import { canReceiveH264 } from './webrtc-carrier.js';

export interface TransportChoice {
  /** Null: this browser can show the picture of none that may be used. */
  transport: 'webrtc' | 'websocket' | null;
  /** Why not WebRTC, in plain words; null when WebRTC was chosen or asked against. */
  note: string | null;
}

/** What the browser can decode, by transport. */
export interface Decoders {
  webrtc: boolean;
  websocket: boolean;
}

function ownDecoders(): Decoders {
  return { webrtc: canReceiveH264(), websocket: typeof VideoDecoder !== 'undefined' };
}

/**
 * Chooses by `?transport=ws|webrtc`, else by what the browser can and whether WebRTC has failed to connect. An
 * address that names the transport is obeyed: nothing else is tried.
 */
export function chooseTransport(
  search: string,
  webrtcFailed = false,
  can = ownDecoders(),
): TransportChoice {
  const asked = new URLSearchParams(search).get('transport');
  if (asked === 'ws') return { transport: can.websocket ? 'websocket' : null, note: null };
  if (asked === 'webrtc') return { transport: can.webrtc ? 'webrtc' : null, note: null };
  if (can.webrtc && !(webrtcFailed && can.websocket)) return { transport: 'webrtc', note: null };
  return {
    transport: can.websocket ? 'websocket' : null,
    note: can.webrtc ? 'WebRTC did not connect' : 'This browser has no H.264 in WebRTC',
  };
}
