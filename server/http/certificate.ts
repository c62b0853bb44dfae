import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.js';
import type { Logger } from '../logger.js';
import { atomicWrite } from '../store/atomic-write.js';
import { lastingAddresses, normalAddress, readMachineNames } from './machine-names.js';
import { makeCertificate } from './make-certificate.js';
import { parseIdentity, type TlsIdentity } from './tls-identity.js';

const RENEW_BEFORE_MS = 30 * 24 * 60 * 60_000;

const READ_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'there is no permission',
  EISDIR: 'it is a directory',
};

/** Where the certificate comes from. */
export interface CertificateOptions {
  /** Given by the user: both or neither. */
  readonly certPath: string | null;
  readonly keyPath: string | null;
  /** Where an own certificate is kept. */
  readonly certDir: string;
  /** Further names and addresses, and the public URL's host. */
  readonly extraHosts: readonly string[];
  readonly logger: Logger;
  /** For tests. */
  readonly now?: () => Date;
}

/**
 * The server's certificate: the user's, or one for this device that is renewed 30 days before it ends and when the
 * machine got a name or address that it lacks.
 */
export class Certificate {
  readonly #options: CertificateOptions;
  #identity: TlsIdentity;

  private constructor(options: CertificateOptions, identity: TlsIdentity) {
    this.#options = options;
    this.#identity = identity;
  }

  /** Loads or makes the certificate. Throws {@link StartError} with what is wrong with a given one. */
  static async open(options: CertificateOptions): Promise<Certificate> {
    return new Certificate(options, await currentIdentity(options));
  }

  get identity(): TlsIdentity {
    return this.#identity;
  }

  /** Looks again, for a unit that runs for years: true when there is a new certificate to serve. */
  async refresh(): Promise<boolean> {
    const next = await currentIdentity(this.#options);
    const changed = next.sha256 !== this.#identity.sha256;
    this.#identity = next;
    return changed;
  }
}

async function currentIdentity(options: CertificateOptions): Promise<TlsIdentity> {
  const { certPath, keyPath } = options;
  const now = options.now?.() ?? new Date();
  if (certPath !== null && keyPath !== null) return await loadGiven(certPath, keyPath, now);
  return await loadOrMakeOwn(options, now);
}

async function loadGiven(certPath: string, keyPath: string, now: Date): Promise<TlsIdentity> {
  const cert = await readNamed('certificate', certPath);
  const key = await readNamed('key', keyPath);
  const identity = parseIdentity(cert, key, certPath, keyPath);
  if (identity.notAfter < now) {
    throw new StartError(
      `The certificate ${certPath} expired on ${identity.notAfter.toISOString().slice(0, 10)}.`,
    );
  }
  if (identity.notBefore > now) {
    throw new StartError(
      `The certificate ${certPath} is not valid before ${identity.notBefore.toISOString()}; is the clock right?`,
    );
  }
  return identity;
}

async function readNamed(what: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(what, path, error);
  }
}

function unreadable(what: string, path: string, cause: unknown): StartError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new StartError(`The ${what} ${path} cannot be read: ${READ_REASONS[code] ?? code}.`, {
    cause,
  });
}

async function loadOrMakeOwn(options: CertificateOptions, now: Date): Promise<TlsIdentity> {
  const { certDir, extraHosts, logger } = options;
  const machine = readMachineNames();
  const hosts = [
    ...new Set([
      ...machine.names,
      ...lastingAddresses(machine.addresses),
      ...extraHosts.map((host) => normalAddress(host.replace(/^\[|\]$/g, ''))),
    ]),
  ];
  // Key and certificate are one file, so that no crash can leave a pair that does not match.
  const path = join(certDir, 'mykvm.pem');
  const kept = await loadOwn(path);
  const why = kept ? reasonToRenew(kept, hosts, now) : 'there is none yet';
  if (kept && why === undefined) return kept;
  const { cert, key } = await makeCertificate(hosts, now);
  try {
    await mkdir(certDir, { recursive: true, mode: 0o700 });
    await atomicWrite(path, key + cert);
    // For users who want to trust it: without the key, readable by all.
    await atomicWrite(join(certDir, 'mykvm.crt'), cert, 0o644);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new StartError(`The certificate cannot be written to ${certDir} (${code}).`, {
      cause: error,
    });
  }
  const identity = parseIdentity(cert, key, path, path);
  logger.info({ path, sha256: identity.sha256, why }, 'made a new certificate');
  return identity;
}

async function loadOwn(path: string): Promise<TlsIdentity | undefined> {
  let pem: string;
  try {
    pem = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable('certificate', path, error);
  }
  const key = /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----\n/.exec(pem)?.[0] ?? '';
  const cert =
    /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n/.exec(pem)?.[0] ?? '';
  try {
    return parseIdentity(cert, key, path, path);
  } catch (error) {
    // Ours to make, so ours to replace: nothing of the user's is in it.
    if (error instanceof StartError) return undefined;
    throw error;
  }
}

function reasonToRenew(
  identity: TlsIdentity,
  hosts: readonly string[],
  now: Date,
): string | undefined {
  if (identity.notBefore > now) return 'it is not valid yet';
  if (identity.notAfter.getTime() - now.getTime() < RENEW_BEFORE_MS) return 'it ends soon';
  const covered = new Set(identity.altNames.map(normalAddress));
  const missing = hosts.filter((host) => !covered.has(host));
  return missing.length > 0 ? `it lacks ${missing.join(', ')}` : undefined;
}
