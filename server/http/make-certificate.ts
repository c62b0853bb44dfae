import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

/** Browsers refuse certificates that are valid for longer. */
const VALID_DAYS = 397;
const DAY_MS = 24 * 60 * 60_000;

/** Makes a self-signed ECDSA P-256 certificate for the names and addresses. PEM. */
export async function makeCertificate(
  hosts: readonly string[],
  now: Date,
): Promise<{ cert: string; key: string }> {
  // Loaded here because it costs a tenth of a second and most starts do not need it.
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const serial = randomBytes(16);
  // RFC 5280 section 4.1.2.2: positive, at most 20 octets.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial.toString('hex'),
    name: [{ O: ['MyKVM'] }, { CN: [hosts[0] ?? 'mykvm'] }],
    // An hour back: the clocks of boards and browsers differ.
    notBefore: new Date(now.getTime() - 60 * 60_000),
    notAfter: new Date(now.getTime() + VALID_DAYS * DAY_MS - 2 * 60 * 60_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        hosts.map((host) => ({
          type: isIP(host) === 0 ? ('dns' as const) : ('ip' as const),
          value: host,
        })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { cert: `${certificate.toString('pem')}\n`, key: key.toString() };
}
