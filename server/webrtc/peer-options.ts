import type { Logger } from '../logger.js';
import type { DtlsCertificate } from './dtls-certificate.js';
import type { IceSource } from './ice-source.js';

/** How peers reach the network. */
export interface PeerOptions {
  readonly logger: Logger;
  /** Of all associations; see loadDtlsCertificate. */
  readonly dtlsCertificate: DtlsCertificate;
  /** First and last UDP port, both included; any free port when absent. */
  readonly udpPorts?: { readonly first: number; readonly last: number };
  /** Addresses that are offered as host candidates beside those of the network interfaces (NAT, VPN, loopback). */
  readonly extraHosts?: readonly string[];
  /** The rules of --ice-address; all addresses when absent. */
  readonly iceAddresses?: readonly string[];
  /** Also offers TCP (RFC 6544), for where UDP does not pass. */
  readonly iceTcp?: boolean;
  /** STUN and TURN servers. Without any, no server is ever asked. */
  readonly ice?: IceSource;
  /** By what pictures are sent: the native sender wherever it can (the default), or always werift's own path. */
  readonly mediaSender?: 'native' | 'werift';
  /** A viewer that is not connected after this time is given up; 10 s by default. */
  readonly connectTimeoutMs?: number;
  /** A viewer that was silent for this long is dead; LIMITS.carrierTimeoutMs by default. */
  readonly silenceTimeoutMs?: number;
}
