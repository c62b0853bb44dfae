/** Limits of the HTTP server; LIMITS in protocol/ has those that the page must know too. */
export interface HttpLimits {
  /** The TLS handshake; the board needs up to 0.3 s for its part. */
  readonly handshakeTimeoutMs: number;
  /** The whole head of a request. */
  readonly headersTimeoutMs: number;
  /** The whole request, body included. */
  readonly requestTimeoutMs: number;
  /** How often both are checked. */
  readonly checkIntervalMs: number;
  /** An idle connection between requests. */
  readonly keepAliveTimeoutMs: number;
  /** A connection on which nothing moves in either direction, as with a reader that has stopped. */
  readonly silenceTimeoutMs: number;
  readonly maxHeaderBytes: number;
  /** About 40 kB each with TLS: 5 MB on a board with 512. */
  readonly maxConnections: number;
  /** So that one machine cannot take them all; a browser needs about 8. */
  readonly maxConnectionsPerAddress: number;
}

export const HTTP_LIMITS: HttpLimits = {
  handshakeTimeoutMs: 10_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
  checkIntervalMs: 2_000,
  keepAliveTimeoutMs: 30_000,
  silenceTimeoutMs: 60_000,
  maxHeaderBytes: 8 * 1024,
  maxConnections: 128,
  maxConnectionsPerAddress: 40,
};
