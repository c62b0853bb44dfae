import { access, chmod, constants, mkdir } from 'node:fs/promises';
import { StartError } from '../errors.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
};

/** Makes the state directory (mode 0700) where it is missing. Throws {@link StartError} when it cannot be written. */
export async function openStateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    // Made by somebody else, or before: it holds password hashes and keys.
    await chmod(path, 0o700);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = REASONS[code] ?? `${code || error}`;
    throw new StartError(
      `The state directory ${path} is not writable: ${reason}. Choose another one with --state-dir.`,
      { cause: error },
    );
  }
}
