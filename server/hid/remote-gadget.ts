import { connect, type Socket } from 'node:net';
import type { BoundGadget, GadgetControl } from './gadget-control.js';
import { GadgetError } from './gadget-error.js';
import type { GadgetIdentity } from './gadget-identity.js';
import {
  GADGET_WIRE_VERSION,
  type GadgetReply,
  type GadgetRequest,
  gadgetLine,
  MAX_LINE_LENGTH,
  parseGadgetReply,
} from './gadget-wire.js';
import type { HidFunction } from './hid-port.js';

/** An act takes milliseconds; a service that has not answered after this long is stuck. */
const REPLY_DEADLINE_MS = 10_000;

export interface RemoteGadgetOptions {
  socketPath: string;
  identity: GadgetIdentity;
  /** The controller that the user named; null takes the first free one. */
  udc: string | null;
}

/**
 * The gadget made by the USB service, for a process that is not root. The service takes the gadget away when the connection
 * ends, so the gadget lives as long as this process at most. Connects with create, disconnects with remove.
 */
export class RemoteGadget implements GadgetControl {
  readonly #options: RemoteGadgetOptions;
  #socket: Socket | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RemoteGadgetOptions) {
    this.#options = options;
  }

  create(functions: readonly HidFunction[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#open();
      await this.#ask({ act: 'create', functions });
    });
  }

  bind(): Promise<BoundGadget> {
    return this.#inTurn(async () => {
      const { udc, devices } = await this.#ask({ act: 'bind' });
      if (udc === undefined || devices === undefined) throw notUnderstood();
      return { udc, devices: new Map(Object.entries(devices) as Array<[HidFunction, string]>) };
    });
  }

  unbind(): Promise<void> {
    return this.#inTurn(() => this.#ask({ act: 'unbind' }).then(() => {}));
  }

  setFunctions(functions: readonly HidFunction[]): Promise<void> {
    return this.#inTurn(() => this.#ask({ act: 'set-functions', functions }).then(() => {}));
  }

  wake(): Promise<void> {
    return this.#inTurn(() => this.#ask({ act: 'wake' }).then(() => {}));
  }

  /** Also when not connected: a gadget that another program left is taken away, as in the same process. */
  remove(): Promise<void> {
    return this.#inTurn(async () => {
      const served = this.#socket !== null;
      try {
        await this.#open();
        await this.#ask({ act: 'remove' });
      } catch (error) {
        if (!served || !(error instanceof GadgetError) || error.fault !== 'not-permitted')
          throw error;
        const message =
          'The USB service has ended; it takes the gadget away when it is started again.';
        throw new GadgetError('failed', message, { cause: error });
      } finally {
        this.#socket?.destroy();
        this.#socket = null;
      }
    });
  }

  /** One act at a time, in the order of the calls. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => {});
    return done;
  }

  async #open(): Promise<void> {
    if (this.#socket !== null && !this.#socket.destroyed) return;
    const { socketPath, identity, udc } = this.#options;
    const socket = await connectTo(socketPath);
    this.#socket = socket;
    try {
      await this.#ask({ act: 'open', version: GADGET_WIRE_VERSION, udc, identity });
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  async #ask(request: GadgetRequest): Promise<Extract<GadgetReply, { ok: true }>> {
    const socket = this.#socket;
    if (socket === null || socket.destroyed) {
      throw new GadgetError('failed', 'The connection to the USB service has ended.');
    }
    socket.write(gadgetLine(request));
    const reply = parseGadgetReply(await nextLine(socket));
    if (reply === null) {
      socket.destroy();
      throw notUnderstood();
    }
    if (reply.ok) return reply;
    throw new GadgetError(reply.fault, reply.message);
  }
}

function notUnderstood(): GadgetError {
  return new GadgetError(
    'failed',
    'The USB service answered what is no reply: it is of another version of MyKVM.',
  );
}

function connectTo(socketPath: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.setEncoding('utf8');
    // Later errors are followed by close, which every wait for a reply hears.
    socket.on('error', (error: NodeJS.ErrnoException) => reject(connectFailure(error, socketPath)));
    socket.once('connect', () => resolve(socket));
  });
}

function connectFailure(error: NodeJS.ErrnoException, socketPath: string): GadgetError {
  const refused = error.code === 'EACCES' || error.code === 'EPERM';
  return new GadgetError(
    'not-permitted',
    refused
      ? `No permission for ${socketPath}: the user that runs MyKVM must be in the group of the USB service.`
      : `MyKVM is not root, and the USB service does not listen on ${socketPath} (${error.code}): start mykvm-usb as root, or run MyKVM as root.`,
    { cause: error },
  );
}

/** The next line of a socket that sends one for each request. */
function nextLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const settle = (act: () => void) => {
      clearTimeout(deadline);
      socket.off('data', onText).off('close', onClose);
      act();
    };
    const onText = (more: string) => {
      text += more;
      const end = text.indexOf('\n');
      if (end >= 0 || text.length > MAX_LINE_LENGTH) {
        settle(() => resolve(end >= 0 ? text.slice(0, end) : text));
      }
    };
    const onClose = () => {
      const message = 'The USB service closed the connection: its log says why.';
      settle(() => reject(new GadgetError('failed', message)));
    };
    const deadline = setTimeout(() => {
      socket.destroy();
      const message = `The USB service did not answer within ${REPLY_DEADLINE_MS / 1000} s.`;
      settle(() => reject(new GadgetError('failed', message)));
    }, REPLY_DEADLINE_MS);
    socket.on('data', onText).once('close', onClose);
  });
}
