import { chmod, chown, lstat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { StartError } from '../errors.js';
import {
  GadgetConnection,
  type GadgetConnectionOptions,
  OPEN_DEADLINE_MS,
} from './gadget-connection.js';
import { gadgetLine } from './gadget-wire.js';
import { stallTimer } from './stall-timer.js';

export interface GadgetServerOptions extends Omit<GadgetConnectionOptions, 'socket' | 'ready'> {
  socketPath: string;
  /** The group that may connect; null leaves the socket to the own user. */
  groupId: number | null;
  /** Called once, when the socket is this process's own: takes away what a crash left. Acts wait for it. */
  clean?(): Promise<void>;
}

const OTHERS_MAY_WRITE = 0o022;
/** How long a process that comes waits for another to leave. */
const LEAVING_MS = 500;
/** One is served; the others wait to be told so. */
const MAX_CONNECTIONS = 8;
const GROUP_MAY_CONNECT = 0o660;

/**
 * Does the privileged acts on the USB gadget for one process at a time, over a Unix socket. Who may ask is what the file
 * system says: Node cannot read a peer's credentials. With a connection its gadget goes, so that a process that dies leaves
 * no key down on the computer.
 */
export class GadgetServer {
  readonly #options: GadgetServerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #client: GadgetConnection | null = null;
  #closed = false;
  /** Resolves when the connection closes. */
  #left: Promise<void> = Promise.resolve();
  /** The end of the last connection: the next one's acts come after it. */
  #ended: Promise<void> = Promise.resolve();

  constructor(options: GadgetServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => void this.#accept(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /**
   * Listens. The umask must keep everybody else out until the group is set. Throws StartError when the socket cannot be had
   * or others could replace it.
   */
  async start(): Promise<void> {
    const { socketPath } = this.#options;
    await removeStale(socketPath);
    const started = this.#listen(socketPath).then(() => this.#takeOver());
    this.#ended = started.catch(() => {});
    try {
      await started;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Ends the connection and removes its gadget. Idempotent. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#closed = true;
    this.#client = null;
    if (client) this.#ended = client.end();
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
    await this.#ended;
  }

  async #takeOver(): Promise<void> {
    const { socketPath, groupId, clean } = this.#options;
    const { uid } = await lstat(socketPath);
    await requirePrivate(dirname(socketPath), uid);
    await clean?.();
    if (groupId === null) return;
    await chown(socketPath, uid, groupId);
    await chmod(socketPath, GROUP_MAY_CONNECT);
  }

  #listen(socketPath: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        const why = `The USB service cannot listen on ${socketPath} (${error.code})`;
        reject(
          new StartError(`${why}: its directory must be there and be writable.`, { cause: error }),
        );
      });
      this.#server.listen(socketPath, resolve);
    });
  }

  async #accept(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
    const { createControl, grant, logger, after = stallTimer } = this.#options;
    // A process that is started again may come before the end of the last one is heard.
    await Promise.race([this.#left, pass(LEAVING_MS, undefined, { ref: false })]);
    if (socket.destroyed || this.#closed) return;
    if (this.#client !== null) {
      const message = 'Another MyKVM is using the USB service.';
      // Its request is read, unseen: else the socket would never close. Nor would one that the other side leaves open.
      socket.resume().end(gadgetLine({ ok: false, fault: 'failed', message }));
      socket.once(
        'close',
        after(OPEN_DEADLINE_MS, () => socket.destroy()),
      );
      return;
    }
    logger.info({}, 'MyKVM uses the USB service');
    const ready = this.#ended;
    const client = new GadgetConnection({ socket, createControl, grant, logger, ready, after });
    this.#client = client;
    this.#left = new Promise((resolve) => {
      socket.once('close', () => {
        if (this.#client === client) this.#leave(client);
        resolve();
      });
    });
  }

  #leave(client: GadgetConnection): void {
    this.#client = null;
    this.#options.logger.info({}, 'MyKVM has left: its USB gadget is removed');
    this.#ended = client.end();
  }
}

/** A socket that nobody listens on is what a crash left. */
async function removeStale(socketPath: string): Promise<void> {
  const found = await lstat(socketPath).catch(() => null);
  if (!found?.isSocket()) return;
  const answered = await new Promise<boolean>((resolve) => {
    const probe = connect(socketPath);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (answered) throw new StartError(`Another USB service listens on ${socketPath} already.`);
  await unlink(socketPath);
}

/** Who may write to the directory may put another socket there. */
async function requirePrivate(directory: string, uid: number): Promise<void> {
  const found = await lstat(directory);
  const safe = (found.uid === uid || found.uid === 0) && (found.mode & OTHERS_MAY_WRITE) === 0;
  if (safe) return;
  throw new StartError(
    `Others may write to ${directory}, and so replace the socket of the USB service: use a directory that only its own user can write to.`,
  );
}
