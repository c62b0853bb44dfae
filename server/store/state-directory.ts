import { access, chmod, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartError } from '../errors.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
  ENOENT: 'it cannot be made there',
};

/** Makes the state directory (mode 0700) where it is missing. Throws {@link StartError} when it cannot be written. */
export async function openStateDirectory(path: string): Promise<void> {
  try {
    await makeDirectory(path);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw unusable(path, `is not writable: ${REASONS[code] ?? `${code || error}`}`, error);
  }
  try {
    // Made by somebody else, or before: it holds password hashes and keys.
    await chmod(path, 0o700);
  } catch (error) {
    throw unusable(path, 'belongs to another user, who could read and change what is in it', error);
  }
}

/** As mkdir with `recursive`, which never ends where the kernel makes the files (nodejs/node: /proc, /sys). */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeDirectory(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

function unusable(path: string, what: string, cause: unknown): StartError {
  return new StartError(
    `The state directory ${path} ${what}. Choose another one with --state-dir.`,
    { cause },
  );
}
