import type * as Werift from 'werift';
import { KvmError } from '../errors.js';
import type { Closable } from '../lifecycle.js';
import type { WebRtcCarrierFactory } from '../session/carrier.js';
import { checkServers } from './check-servers.js';
import { examineOffer } from './offer.js';
import { Peer } from './peer.js';
import type { PeerOptions } from './peer-options.js';
import { selfTest } from './werift-internals.js';
import { mediaSelfTest } from './werift-media-internals.js';
import { repairWerift } from './werift-repairs.js';

/** Makes WebRTC carriers with werift. */
export interface PeerFactory extends WebRtcCarrierFactory, Closable {
  /** Loads werift (about 0.2 s of CPU and 28 MB on a desktop core) so that the first viewer does not wait for it. */
  preload(): Promise<void>;
  /** Asks each STUN and TURN server once and reports how it answered. Loads werift only when there are servers. */
  checkServers(): Promise<void>;
  /** Peers that hold sockets. */
  readonly peerCount: number;
  /** Closes all peers with `shutting-down` and waits until their sockets are closed. Idempotent. */
  close(): Promise<void>;
}

/** See {@link PeerFactory}. Does no I/O before `preload` or the first offer. */
export function createPeerFactory(options: PeerOptions): PeerFactory {
  const { logger } = options;
  const peers = new Set<Peer>();
  let loading: Promise<{ werift: typeof Werift; usePrivateParts: boolean }> | undefined;
  let closed: { promise: Promise<void>; resolve: () => void } | undefined;

  const load = async () => {
    const werift = await import('werift');
    const problems = [...(await selfTest(werift)), ...mediaSelfTest(werift)];
    if (problems.length > 0) {
      logger.warn(
        { problems },
        'this werift is not the one that was tested: it runs as it is, without repairs',
      );
    }
    const usePrivateParts = problems.length === 0;
    if (usePrivateParts) repairWerift(werift);
    return { werift, usePrivateParts };
  };
  const loaded = () => {
    loading ??= load();
    return loading;
  };

  return {
    async preload() {
      await loaded();
    },
    async checkServers() {
      const { ice } = options;
      if (!ice || ice.endpoints.length === 0) return;
      const { werift, usePrivateParts } = await loaded();
      if (usePrivateParts) await checkServers(werift, ice);
    },
    get peerCount() {
      return peers.size;
    },
    async answer(offerSdp, owner) {
      const offer = examineOffer(offerSdp);
      const context = await loaded();
      if (closed) throw new KvmError('shutting-down');
      const released = (peer: Peer) => {
        peers.delete(peer);
        if (peers.size === 0) closed?.resolve();
      };
      const peer = new Peer(offer, { ...context, options, owner, released });
      peers.add(peer);
      await peer.negotiate();
      return peer;
    },
    close() {
      if (!closed) {
        let resolve = () => {};
        const promise = new Promise<void>((done) => {
          resolve = done;
        });
        closed = { promise, resolve };
        for (const peer of peers) peer.close('shutting-down');
        if (peers.size === 0) resolve();
      }
      return closed.promise;
    },
  };
}
