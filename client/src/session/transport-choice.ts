import { canReceiveH264 } from './webrtc-carrier.js';

export interface TransportChoice {
  transport: 'webrtc' | 'websocket';
  /** Why not WebRTC, in plain words; null when WebRTC was chosen or asked against. */
  note: string | null;
  /** The address of the page names the transport: nothing else is tried. */
  forced: boolean;
}

/** Chooses by `?transport=ws|webrtc`, else by what the browser can. */
export function chooseTransport(search: string, canWebRtc = canReceiveH264()): TransportChoice {
  const asked = new URLSearchParams(search).get('transport');
  if (asked === 'ws') return { transport: 'websocket', note: null, forced: true };
  if (asked === 'webrtc') return { transport: 'webrtc', note: null, forced: true };
  if (canWebRtc) return { transport: 'webrtc', note: null, forced: false };
  return {
    transport: 'websocket',
    note: 'This browser has no H.264 in WebRTC',
    forced: false,
  };
}
