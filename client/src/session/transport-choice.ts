import { findSocketDecoder, type SocketDecoder } from '../video/socket-decoder.js';
import type { TransportSetting } from './console-state.js';
import { canReceiveH264 } from './webrtc-carrier.js';

/** What a carrier is made of; the better one first in a {@link TransportPlan}. */
export type Transport = 'webrtc' | 'websocket';

export interface TransportPlan {
  /** Best first. Empty: this browser can show the picture of none that may be used. */
  transports: readonly Transport[];
  /** Why none better is tried, in plain words; null when all are. */
  note: string | null;
  /** What shows the pictures of the WebSocket; null without one. */
  decoder: SocketDecoder | null;
}

/** What the browser can decode, by transport. */
export interface Decoders {
  webrtc: boolean;
  websocket: SocketDecoder | null;
}

/** Those of this browser. */
export async function findDecoders(): Promise<Decoders> {
  return { webrtc: canReceiveH264(), websocket: await findSocketDecoder() };
}

const ADDRESSES: Readonly<Record<string, Transport>> = { ws: 'websocket', webrtc: 'webrtc' };

/**
 * Which transports may be used: the one that the address names by `?transport=ws|webrtc`, else the one of the
 * setting, else all. One that is named is obeyed: nothing else is tried.
 */
export function planTransports(
  search: string,
  setting: TransportSetting,
  can: Decoders,
): TransportPlan {
  const asked = ADDRESSES[new URLSearchParams(search).get('transport') ?? ''];
  const only = asked ?? (setting === 'auto' ? undefined : setting);
  if (only) {
    const by = asked ? 'The address of this page asks for it' : 'Chosen here';
    const note = only === 'webrtc' ? null : by;
    return { transports: can[only] ? [only] : [], note, decoder: can.websocket };
  }
  const transports = (['webrtc', 'websocket'] as const).filter((transport) => can[transport]);
  const note = can.webrtc ? null : 'This browser has no H.264 in WebRTC';
  return { transports, note, decoder: can.websocket };
}

const KEY = 'mykvm.transport';

/** The setting of the last visit. */
export function keptTransport(): TransportSetting {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'webrtc' || kept === 'websocket' ? kept : 'auto';
  } catch {
    // Storage may be forbidden.
    return 'auto';
  }
}

/** Keeps the setting for the next visit. */
export function keepTransport(setting: TransportSetting): void {
  try {
    localStorage.setItem(KEY, setting);
  } catch {
    // Storage may be forbidden: the setting then lasts as long as the page.
  }
}
