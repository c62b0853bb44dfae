import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';

/** A lock that this process has until it releases it; the kernel takes it away with the process, however that ends. */
export interface FileLock {
  release(): void;
}

/** flock's exit code when somebody else has the lock. */
const TAKEN = 1;

/**
 * Takes the lock on a file, which is made if it is missing and stays; null while somebody else has it, also in this process.
 * Only the own user may write to its directory: others could keep us out. Node has no flock(2): the program of that name
 * (util-linux) locks the file that we have open, and the lock stays with it when the program has ended.
 */
export async function lockFile(path: string): Promise<FileLock | null> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
  const fd = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
  const release = () => closeSync(fd);
  try {
    const program = spawn('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
    const [code] = await once(program, 'exit');
    if (code === 0) return { release };
    if (code !== TAKEN) throw new Error(`flock ended with ${code} for ${path}`);
  } catch (error) {
    release();
    throw error;
  }
  release();
  return null;
}
