import type { PeerFactory } from '../../../server/webrtc/peer-factory.js';
import { ReferenceCarrier } from './reference-carrier.js';

/** Makes reference carriers in the place of the appliance's own. */
export function createReferencePeers(): PeerFactory {
  const carriers = new Set<ReferenceCarrier>();
  return {
    preload: () => Promise.resolve(),
    checkServers: () => Promise.resolve(),
    get peerCount() {
      return carriers.size;
    },
    async answer(offerSdp, owner) {
      const carrier = new ReferenceCarrier(offerSdp, owner, (gone) => carriers.delete(gone));
      carriers.add(carrier);
      await carrier.negotiate();
      return carrier;
    },
    close() {
      for (const carrier of carriers) carrier.close('shutting-down');
      return Promise.resolve();
    },
  };
}
