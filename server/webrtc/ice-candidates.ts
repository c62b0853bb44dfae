import { isIP } from 'node:net';

/** More would only make the appliance send connectivity checks to addresses that a viewer chose. */
export const MAX_REMOTE_CANDIDATES = 24;

const CANDIDATE =
  /^candidate:([A-Za-z0-9+/]{1,32}) (\d{1,3}) ([A-Za-z0-9-]{1,16}) (\d{1,10}) (\S{1,253}) (\d{1,5}) typ ([a-z]{1,16})((?: \S+)*)$/i;

/**
 * True for a candidate (RFC 8839 section 5.1) that is well formed, whether or not it is of use.
 * @param candidate the attribute without `a=`
 */
export function isCandidate(candidate: string): boolean {
  return CANDIDATE.test(candidate);
}

/**
 * True for a candidate that this end can check: UDP with an address. Names ending in .local are left out on purpose:
 * resolving them opens a multicast socket and a 10 s timer per viewer, and the browser reaches our host candidate
 * anyway, which makes its address known as peer reflexive (RFC 8445 section 7.3.1.3).
 */
export function isUsableCandidate(candidate: string): boolean {
  const [, , component, transport, priority, address, port] = CANDIDATE.exec(candidate) ?? [];
  return (
    component === '1' &&
    transport?.toLowerCase() === 'udp' &&
    isIP(address ?? '') !== 0 &&
    Number(priority) < 2 ** 32 &&
    Number(port) > 0 &&
    Number(port) < 65_536
  );
}
