import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where an own certificate is kept: certs/ of a writable checkout (known by its tsconfig.json, which the installed
 * program lacks), else the state directory.
 */
export function certificateDirectory(programRoot: string, stateDir: string): string {
  if (!existsSync(join(programRoot, 'tsconfig.json'))) return stateDir;
  const certs = join(programRoot, 'certs');
  try {
    accessSync(existsSync(certs) ? certs : programRoot, constants.W_OK);
    return certs;
  } catch {
    return stateDir;
  }
}
