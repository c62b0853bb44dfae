import type { ConsolePage } from '../e2e/console-page.js';

/** How the browser's newest peer connection reaches the appliance, as its statistics say. */
export interface MediaPath {
  /** Kind of the viewer's own candidate: host, srflx, prflx or relay. */
  local: string;
  remote: string;
  protocol: string;
  /** How the viewer reaches its TURN server: udp, tcp or tls; null without one. */
  relayProtocol: string | null;
  /** Where the pictures come from. */
  remoteAddress: string;
}

/** Runs in the page before its own script: keeps its peer connections where {@link mediaPath} finds them. */
export function watchPeers(): void {
  const peers: RTCPeerConnection[] = [];
  Object.assign(globalThis, { peers });
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.push(this);
    }
  };
}

/** Null while there is no connected peer. */
export function mediaPath(viewer: ConsolePage): Promise<MediaPath | null> {
  return viewer.page.evaluate(async () => {
    const { peers } = globalThis as unknown as { peers: RTCPeerConnection[] };
    const peer = peers.findLast(({ connectionState }) => connectionState === 'connected');
    if (!peer) return null;
    const stats = await peer.getStats();
    const transport = [...stats.values()].find(({ type }) => type === 'transport');
    const pair = stats.get(transport?.selectedCandidatePairId ?? '');
    if (!pair) return null;
    const local = stats.get(pair.localCandidateId);
    const remote = stats.get(pair.remoteCandidateId);
    return {
      local: local.candidateType,
      remote: remote.candidateType,
      protocol: local.protocol,
      relayProtocol: local.relayProtocol ?? null,
      remoteAddress: remote.address,
    };
  });
}
