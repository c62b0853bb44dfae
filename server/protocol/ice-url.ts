/** A STUN or TURN server's address (RFC 7064, RFC 7065). */
export interface IceUrl {
  /** As it was written. */
  readonly text: string;
  readonly kind: 'stun' | 'turn';
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** How the server itself is reached; STUN servers by UDP only. */
  readonly transport: 'udp' | 'tcp' | 'tls';
}

const URL_FORM =
  /^(stun|turn|turns):(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i;

const DEFAULT_PORT = { stun: 3478, turn: 3478, turns: 5349 } as const;

/** Reads stun:HOST, turn:HOST, turn:HOST?transport=tcp or turns:HOST, each with or without :PORT. */
export function parseIceUrl(text: string): IceUrl | undefined {
  const match = URL_FORM.exec(text);
  if (!match || text.length > 300) return undefined;
  const scheme = (match[1] ?? '').toLowerCase() as keyof typeof DEFAULT_PORT;
  const asked = match[4]?.toLowerCase() as 'udp' | 'tcp' | undefined;
  const port = match[3] === undefined ? DEFAULT_PORT[scheme] : Number(match[3]);
  if (port < 1 || port > 65_535) return undefined;
  // STUN over TCP and TURN over DTLS: neither browsers nor the appliance speak them.
  if (scheme === 'stun' && asked !== undefined) return undefined;
  if (scheme === 'turns' && asked === 'udp') return undefined;
  return {
    text,
    kind: scheme === 'stun' ? 'stun' : 'turn',
    host: (match[2] ?? '').replace(/^\[|\]$/g, ''),
    port,
    transport: scheme === 'turns' ? 'tls' : (asked ?? 'udp'),
  };
}
