import { KvmError } from '../errors.js';
import { isCandidate } from './ice-candidates.js';
import { attribute, attributes } from './sdp-sections.js';

/** What an SDP fragment of trickle ICE (RFC 8840) says. */
export interface IceFragment {
  readonly ufrag: string | undefined;
  readonly pwd: string | undefined;
  /** Candidate attributes without `a=`. */
  readonly candidates: readonly string[];
}

/** Reads an `application/trickle-ice-sdpfrag` body. Throws KvmError('bad-candidate'). */
export function parseIceFragment(fragment: string): IceFragment {
  const lines = fragment.split(/\r\n|\n/).filter((line) => line !== '');
  if (lines.length === 0 || lines.some((line) => !/^[a-z]=/.test(line))) {
    throw new KvmError('bad-candidate');
  }
  const candidates = attributes(lines, 'candidate').map((value) => `candidate:${value}`);
  if (!candidates.every(isCandidate)) {
    throw new KvmError('bad-candidate', 'The fragment has a candidate that is not valid.');
  }
  return { ufrag: attribute(lines, 'ice-ufrag'), pwd: attribute(lines, 'ice-pwd'), candidates };
}
