import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { StartError } from '../errors.js';

/** A certificate with its private key, checked to belong together. PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Names and addresses that the certificate is for. */
  readonly altNames: readonly string[];
  /** SHA-256 of the certificate, lower-case hex, for people to compare. */
  readonly sha256: string;
}

/** Checks a pair. Throws {@link StartError}; `certName` and `keyName` are the files that the sentence names. */
export function parseIdentity(
  cert: string,
  key: string,
  certName: string,
  keyName: string,
): TlsIdentity {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch (error) {
    throw new StartError(`The certificate ${certName} is not a PEM certificate.`, { cause: error });
  }
  let matches: boolean;
  try {
    matches = certificate.checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    throw new StartError(`The key ${keyName} is not a PEM private key without a passphrase.`, {
      cause: error,
    });
  }
  if (!matches) {
    throw new StartError(`The key ${keyName} does not belong to the certificate ${certName}.`);
  }
  const identity = {
    cert,
    key,
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
    altNames: altNames(certificate.subjectAltName ?? ''),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
  try {
    // Reads the whole chain and what TLS itself refuses, such as weak keys.
    createSecureContext(tlsOptions(identity));
  } catch (error) {
    const { reason = String(error) } = error as { reason?: string };
    throw new StartError(`The certificate ${certName} cannot be used: ${reason}.`, {
      cause: error,
    });
  }
  return identity;
}

function altNames(text: string): string[] {
  // As OpenSSL prints them: "DNS:kvm.local, IP Address:192.168.1.5".
  return text.split(', ').flatMap((entry) => /^(?:DNS|IP Address):(.*)$/.exec(entry)?.[1] ?? []);
}

/**
 * TLS settings for a board without AES instructions: ChaCha20-Poly1305 first and the server's order counts. On such a
 * core it is about three times as fast as AES.
 */
export function tlsOptions(identity: TlsIdentity): SecureContextOptions {
  return {
    cert: identity.cert,
    key: identity.key,
    minVersion: 'TLSv1.2',
    honorCipherOrder: true,
    ciphers: [
      'TLS_CHACHA20_POLY1305_SHA256',
      'TLS_AES_128_GCM_SHA256',
      'TLS_AES_256_GCM_SHA384',
      'ECDHE-ECDSA-CHACHA20-POLY1305',
      'ECDHE-RSA-CHACHA20-POLY1305',
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-RSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-RSA-AES256-GCM-SHA384',
    ].join(':'),
    ecdhCurve: 'X25519:prime256v1:secp384r1',
  };
}
