import { webcrypto } from 'node:crypto';
import { X509Certificate, X509CertificateGenerator } from '@peculiar/x509';

/** A certificate and its private key, PEM. */
export interface DtlsCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

/** Where the certificate is kept. The record is a secret: the store writes it with mode 0600. */
export interface DtlsCertificateStore {
  /** The stored record, or null when there is none. */
  get(): Promise<DtlsCertificate | null>;
  set(certificate: DtlsCertificate): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const LIFETIME_MS = 365 * DAY_MS;
const RENEW_BEFORE_MS = 30 * DAY_MS;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * The certificate of all DTLS associations: the stored one, or a new one that is stored when there is none, when it
 * cannot be read or when it ends within 30 days. Peers check it by its fingerprint in the answer only (RFC 8122).
 * @param nowMs milliseconds since the epoch
 */
export async function loadDtlsCertificate(
  store: DtlsCertificateStore,
  nowMs: number,
): Promise<DtlsCertificate> {
  const stored = await store.get();
  if (stored && isUsable(stored, nowMs)) return stored;
  const made = await makeDtlsCertificate(nowMs);
  await store.set(made);
  return made;
}

/** Makes an ECDSA P-256 certificate for one year, signed by itself. */
export async function makeDtlsCertificate(nowMs: number): Promise<DtlsCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=mykvm',
      keys,
      signingAlgorithm: ALGORITHM,
      // A day back: the clocks of the appliance and the viewer may differ.
      notBefore: new Date(nowMs - DAY_MS),
      notAfter: new Date(nowMs + LIFETIME_MS),
    },
    webcrypto as Parameters<typeof X509CertificateGenerator.createSelfSigned>[1],
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const body = pkcs8.toString('base64').replace(/(.{64})(?!$)/g, '$1\n');
  return {
    certPem: certificate.toString('pem'),
    keyPem: `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`,
  };
}

function isUsable(certificate: DtlsCertificate, nowMs: number): boolean {
  try {
    const { notAfter } = new X509Certificate(certificate.certPem);
    return (
      certificate.keyPem.includes('PRIVATE KEY') && notAfter.getTime() - nowMs > RENEW_BEFORE_MS
    );
  } catch {
    return false;
  }
}
