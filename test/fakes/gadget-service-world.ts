import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigfsGadget } from '../../server/hid/configfs-gadget.js';
import type { BoundGadget } from '../../server/hid/gadget-control.js';
import { GadgetServer } from '../../server/hid/gadget-server.js';
import { RemoteGadget } from '../../server/hid/remote-gadget.js';
import { type StallTimer, stallTimer } from '../../server/hid/stall-timer.js';
import { type Logger, silentLogger } from '../../server/logger.js';
import type { GadgetWorld } from '../contract/gadget-contract.js';

/** A world whose gadgets are made by a USB service behind its socket, in this process. */
export interface GadgetServiceWorld extends GadgetWorld {
  socketPath: string;
  server: GadgetServer;
  /** What the service let its peer use. */
  granted: BoundGadget[];
  makeControl: NonNullable<GadgetWorld['makeControl']>;
  close(): Promise<void>;
}

/** Starts a USB service on a world's tree, on a socket of its own. */
export async function openGadgetService(
  world: GadgetWorld,
  logger: Logger = silentLogger,
  after: StallTimer = stallTimer,
): Promise<GadgetServiceWorld> {
  const { files, gadgetRoot, udcRoot } = world;
  const directory = await mkdtemp(join(tmpdir(), 'mykvm-usb-'));
  const socketPath = join(directory, 'socket');
  const granted: BoundGadget[] = [];
  const server = new GadgetServer({
    socketPath,
    groupId: null,
    createControl: (wanted) =>
      new ConfigfsGadget({ ...wanted, logger, files, gadgetRoot, udcRoot }),
    grant: async (gadget) => void granted.push(gadget),
    logger,
    after,
  });
  await server.start();
  return {
    ...world,
    socketPath,
    server,
    granted,
    makeControl: (wanted) => new RemoteGadget({ ...wanted, socketPath }),
    close: async () => {
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}
