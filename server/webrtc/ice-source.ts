import type { IceUrl } from '../protocol/ice-url.js';

/** A server and the appliance's login there. */
export interface IceEndpoint {
  readonly url: IceUrl;
  /** Null for STUN, which asks for none. */
  readonly login: { readonly username: string; readonly password: string } | null;
}

/** How one server answered: null when all was well, else what is wrong, in words. */
export interface IceOutcome {
  readonly url: string;
  readonly problem: string | null;
}

/** Which servers the peers may ask. It may change; a peer reads it once. */
export interface IceSource {
  /** `relay`: no address of the appliance but those of relays is told to anybody. */
  readonly policy: 'all' | 'relay';
  readonly endpoints: readonly IceEndpoint[];
  /** Hears how each server answered. */
  report(outcome: IceOutcome): void;
}

/** Nobody is asked. */
export const NO_ICE_SOURCE: IceSource = { policy: 'all', endpoints: [], report: () => {} };
