import type { ConsoleState } from '../session/console-state.js';

/** The transport as a rung of a ladder. */
export interface Rung {
  /** 0 to 4. */
  bars: number;
  name: string;
  note: string | null;
  /** Round trip in words; empty when unknown. */
  trip: string;
}

/** The rung that the picture comes over. */
export function rungFor(state: ConsoleState): Rung {
  const { transport, transportNote: note, metrics } = state;
  if (transport === null || state.phase !== 'live') {
    return { bars: 0, name: 'Not connected', note, trip: '' };
  }
  const trip =
    metrics.roundTripMs === null ? '' : `${Math.round(metrics.roundTripMs)} ms round trip`;
  if (transport === 'webrtc') return { bars: 4, name: 'WebRTC · UDP', note, trip };
  return { bars: 1, name: 'WebSocket · TLS', note, trip };
}
