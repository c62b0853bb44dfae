import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import type { Logger } from '../logger.js';
import { JsonFile } from './json-file.js';

const DtlsCertificateFile = Type.Object(
  { certPem: Type.String(), keyPem: Type.String() },
  { additionalProperties: false },
);

/** The certificate of WebRTC's DTLS associations, kept so that its fingerprint survives a restart. */
export function dtlsCertificateFile(stateDir: string, logger: Logger) {
  const file = new JsonFile(join(stateDir, 'dtls.json'), DtlsCertificateFile, logger);
  return {
    get: async (): Promise<Static<typeof DtlsCertificateFile> | null> =>
      (await file.load()) ?? null,
    set: (certificate: Static<typeof DtlsCertificateFile>): Promise<void> => file.save(certificate),
  };
}
