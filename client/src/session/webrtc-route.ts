import type { WebRtcRoute } from './console-state.js';

/** What getStats() says of a candidate (W3C webrtc-stats, RTCIceCandidateStats), as far as it matters here. */
interface CandidateStats {
  candidateType?: string;
  protocol?: string;
  /** Between us and our relay. */
  relayProtocol?: string;
}

/** How the packets of the chosen candidate pair travel, or null while there is none. */
export function routeOf(stats: RTCStatsReport): WebRtcRoute | null {
  let chosen: string | undefined;
  for (const report of stats.values()) {
    if (report.type === 'transport') chosen = report.selectedCandidatePairId ?? chosen;
  }
  // Firefox has no transport report, but marks the pair.
  for (const report of stats.values()) {
    if (report.type === 'candidate-pair' && report.selected === true) chosen ??= report.id;
  }
  const pair = chosen === undefined ? undefined : stats.get(chosen);
  const local = stats.get(pair?.localCandidateId) as CandidateStats | undefined;
  const remote = stats.get(pair?.remoteCandidateId) as CandidateStats | undefined;
  if (!local || !remote) return null;
  if (local.candidateType === 'relay') return relayed(local.relayProtocol);
  // The relay is the appliance's: what is behind it is not seen from here.
  if (remote.candidateType === 'relay') return 'turn';
  return local.protocol === 'tcp' ? 'ice-tcp' : 'udp';
}

function relayed(protocol: string | undefined): WebRtcRoute {
  if (protocol === 'udp' || protocol === 'tcp' || protocol === 'tls') return `turn-${protocol}`;
  return 'turn';
}
