import type * as Werift from 'werift';
import type { IceSource } from './ice-source.js';
import { allocateRelay, askStunServer, closeRelay, IceServerError } from './relay.js';

/** Asks each server once and reports how it answered, so that what is wrong is known before a viewer comes. */
export async function checkServers(werift: typeof Werift, source: IceSource): Promise<void> {
  await Promise.all(
    source.endpoints.map(async (endpoint) => {
      const { url } = endpoint;
      try {
        if (url.kind === 'stun') await askStunServer(werift, url);
        else await closeRelay(werift, await allocateRelay(werift, endpoint));
        source.report({ url: url.text, problem: null });
      } catch (error) {
        if (!(error instanceof IceServerError)) throw error;
        source.report({ url: url.text, problem: error.message });
      }
    }),
  );
}
