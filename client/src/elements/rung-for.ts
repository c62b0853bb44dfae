import type { ConsoleState, WebRtcRoute } from '../session/console-state.js';

/** The transport as a rung of a ladder. */
export interface Rung {
  /** 0 to 4. */
  bars: number;
  name: string;
  note: string | null;
  /** Round trip in words; empty when unknown. */
  trip: string;
}

const ROUTES: Readonly<Record<WebRtcRoute, { bars: number; name: string }>> = {
  udp: { bars: 4, name: 'WebRTC · UDP' },
  'turn-udp': { bars: 3, name: 'WebRTC · TURN, UDP' },
  turn: { bars: 3, name: 'WebRTC · TURN' },
  'ice-tcp': { bars: 2, name: 'WebRTC · TCP' },
  'turn-tcp': { bars: 2, name: 'WebRTC · TURN, TCP' },
  'turn-tls': { bars: 2, name: 'WebRTC · TURN, TLS' },
};

const NO_CODECS = 'This browser has no WebCodecs: its media player (MSE) shows the picture';

/** The rung that the picture comes over. */
export function rungFor(state: ConsoleState): Rung {
  const { transport, transportNote: note, metrics, route } = state;
  if (transport === null || state.phase !== 'live') {
    return { bars: 0, name: 'Not connected', note, trip: '' };
  }
  const trip =
    metrics.roundTripMs === null ? '' : `${Math.round(metrics.roundTripMs)} ms round trip`;
  if (transport === 'webrtc') {
    // Which way the packets go is asked for once a second: before the first answer only the carrier is known.
    return { ...(route === null ? { bars: 4, name: 'WebRTC' } : ROUTES[route]), note, trip };
  }
  if (state.socketDecoder !== 'mse') return { bars: 1, name: 'WebSocket · TLS', note, trip };
  return {
    bars: 1,
    name: 'WebSocket · MSE',
    note: note ? `${note}. ${NO_CODECS}` : NO_CODECS,
    trip,
  };
}
