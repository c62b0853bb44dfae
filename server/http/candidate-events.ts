import { Readable } from 'node:stream';
import type { WebRtcCarrier } from '../session/carrier.js';

/** Often enough that proxies keep the stream, and that it ends soon after its carrier. */
const CHECK_INTERVAL_MS = 5000;

/**
 * The carrier's later candidates as server-sent events (HTML standard, section 9.2): event "candidate", data one SDP
 * line. Ends when `open` says that the carrier has gone, or when the client goes.
 */
export function candidateEvents(carrier: WebRtcCarrier, open: () => boolean): Readable {
  const stream = new Readable({ read: () => {} });
  const unsubscribe = carrier.onLocalCandidate((candidate) => {
    for (const line of candidate.split(/\r?\n/).filter(Boolean)) {
      stream.push(`event: candidate\ndata: ${line}\n\n`);
    }
  });
  const timer = setInterval(() => {
    stream.push(open() ? ': still here\n\n' : null);
  }, CHECK_INTERVAL_MS);
  timer.unref();
  stream.once('close', () => {
    clearInterval(timer);
    unsubscribe();
  });
  stream.push('retry: 1000\n\n');
  return stream;
}
