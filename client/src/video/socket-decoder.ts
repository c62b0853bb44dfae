import { mediaSources } from './media-player.js';

/** What shows the pictures of a WebSocket: WebCodecs, or where a browser has none Media Source Extensions. */
export type SocketDecoder = 'webcodecs' | 'mse';

/** Which of them this browser decodes H.264 with, the faster one first; null when with neither. */
export async function findSocketDecoder(): Promise<SocketDecoder | null> {
  if (await webCodecsDecode()) return 'webcodecs';
  return mediaSources() ? 'mse' : null;
}

async function webCodecsDecode(): Promise<boolean> {
  if (typeof VideoDecoder === 'undefined') return false;
  const { supported } = await VideoDecoder.isConfigSupported({ codec: 'avc1.42c01f' });
  return supported === true;
}
