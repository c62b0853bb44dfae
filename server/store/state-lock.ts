import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { StartError } from '../errors.js';

/** Keeps a state directory for one program. The kernel takes the lock away with the process, however it ends. */
export interface StateLock {
  close(): Promise<void>;
}

/**
 * Locks the state directory: two programs on one would each write over what the other has saved. Linux's abstract
 * sockets (unix(7)) are bound to one process at a time and leave no file behind. Throws {@link StartError}.
 */
export async function lockStateDirectory(path: string): Promise<StateLock> {
  const real = await realpath(path);
  const name = createHash('sha256').update(real).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  try {
    await listen(server, `\0mykvm-state-${name}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new StartError(
      `Another MyKVM is running with the state directory ${path}: end it, or choose another one with --state-dir.`,
      { cause: error },
    );
  }
  server.unref();
  return { close: () => new Promise((done) => server.close(() => done())) };
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(address, () => {
      server.off('error', failed);
      done();
    });
  });
}
