#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { StartError } from './errors.js';
import { ConfigfsGadget, GADGET_LOCK } from './hid/configfs-gadget.js';
import { lockFile } from './hid/file-lock.js';
import { GadgetError } from './hid/gadget-error.js';
import { GadgetServer } from './hid/gadget-server.js';
import { grantNodes } from './hid/node-access.js';
import { createLogger } from './log-output.js';
import type { Logger } from './logger.js';
import { packageVersion } from './package-version.js';

/** Exit codes, as main.ts has them. */
const EXIT = { ok: 0, cannotStart: 1, badUsage: 2, internal: 70 } as const;

/** Until the group is set, nobody else may connect. */
const UMASK = 0o177;

/** Removing a gadget needs no identity. */
const NOBODY = {
  vendorId: 0,
  productId: 0,
  manufacturer: '',
  product: '',
  serial: '',
  maxPowerMilliamperes: 0,
};

const HELP = `Usage: mykvm-usb --socket PATH --group NAME

Makes the USB gadget for a MyKVM that does not run as root. Runs as root and does nothing else.

  --socket PATH   socket to listen on, in a directory that only root can write to
  --group NAME    group (name or number) that may connect and use the keyboard and mouse devices
  --version       print the version
  --help          print this text
`;

async function main(): Promise<void> {
  const wanted = readArguments();
  if (wanted === null) return;
  process.umask(UMASK);
  const logger = createLogger('info', process.stderr, process.stderr.isTTY === true);
  if (process.geteuid?.() !== 0) throw new StartError('mykvm-usb must run as root.');
  const groupId = findGroup(wanted.group);
  const server = new GadgetServer({
    socketPath: wanted.socket,
    groupId,
    createControl: ({ identity, udc }) =>
      new ConfigfsGadget({ identity, udc, logger, locked: true }),
    grant: (gadget) => grantNodes(gadget, groupId),
    clean: () => takeOver(logger),
    logger,
  });
  await server.start();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      server.close().then(
        () => process.exit(EXIT.ok),
        (error: unknown) => fail(error),
      );
    });
  }
  process.stdout.write(`mykvm-usb listens on ${wanted.socket}\n`);
}

/**
 * The gadget is this process's until it ends. One that is there while no other process has it is what a crash left, maybe with
 * a key held down.
 */
async function takeOver(logger: Logger): Promise<void> {
  const lock = await lockFile(GADGET_LOCK).catch((error: Error) => {
    throw new StartError(`${GADGET_LOCK} cannot be locked: ${error.message}.`, { cause: error });
  });
  // The kernel releases it with this process.
  if (lock === null) {
    throw new StartError(
      'Another mykvm-usb, or a MyKVM that runs as root, has the USB gadget of this machine: end it first.',
    );
  }
  try {
    await new ConfigfsGadget({ identity: NOBODY, udc: null, logger, locked: true }).remove();
  } catch (error) {
    if (!(error instanceof GadgetError)) throw error;
    logger.warn({}, error.message);
  }
}

/** Null when there is nothing more to do; the exit code then says why. */
function readArguments(): { socket: string; group: string } | null {
  try {
    const { values } = parseArgs({
      options: {
        socket: { type: 'string' },
        group: { type: 'string' },
        version: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const { socket, group } = values;
    if (values.help) process.stdout.write(HELP);
    else if (values.version) process.stdout.write(`${packageVersion()}\n`);
    else if (!socket?.startsWith('/')) throw new Error('--socket needs an absolute path');
    else if (!group) throw new Error('--group needs the name or number of a group');
    else return { socket, group };
  } catch (error) {
    process.stderr.write(`mykvm-usb: ${(error as Error).message}; see --help\n`);
    process.exitCode = EXIT.badUsage;
  }
  return null;
}

/** The number of a group of /etc/group. */
function findGroup(wanted: string): number {
  if (/^\d{1,9}$/.test(wanted)) return Number(wanted);
  for (const line of readFileSync('/etc/group', 'utf8').split('\n')) {
    const [name, , number] = line.split(':');
    if (name === wanted && number) return Number(number);
  }
  throw new StartError(`There is no group ${wanted}: "groupadd --system ${wanted}" makes it.`);
}

function fail(error: unknown): never {
  const known = error instanceof StartError;
  process.stderr.write(`mykvm-usb: ${known ? error.message : String((error as Error)?.stack)}\n`);
  process.exit(known ? EXIT.cannotStart : EXIT.internal);
}

await main().catch(fail);
