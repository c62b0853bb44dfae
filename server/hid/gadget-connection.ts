import type { Socket } from 'node:net';
import type { Logger } from '../logger.js';
import type { BoundGadget, GadgetControl } from './gadget-control.js';
import { GadgetError } from './gadget-error.js';
import type { GadgetIdentity } from './gadget-identity.js';
import {
  type GadgetReply,
  type GadgetRequest,
  gadgetLine,
  MAX_LINE_LENGTH,
  parseGadgetRequest,
} from './gadget-wire.js';
import { type StallTimer, stallTimer } from './stall-timer.js';

/** A MyKVM opens as soon as it is connected; who has not done so by then keeps the service from others. */
export const OPEN_DEADLINE_MS = 3000;

export interface GadgetConnectionOptions {
  socket: Socket;
  /** The gadget that this connection makes. */
  createControl(wanted: { identity: GadgetIdentity; udc: string | null }): GadgetControl;
  /** Lets the peer use the devices of a gadget that was bound. */
  grant(gadget: BoundGadget): Promise<void>;
  logger: Logger;
  /** Acts wait for it: the gadget of the connection before has to go first. */
  ready: Promise<void>;
  /** For tests. */
  after?: StallTimer;
}

/**
 * One process that asks for acts on the gadget: requests in, one at a time, replies out. What is not exactly a request
 * ends the connection.
 */
export class GadgetConnection {
  readonly #options: GadgetConnectionOptions;
  #control: GadgetControl | null = null;
  #text = '';
  #act: Promise<void> | null = null;
  readonly #callOffDeadline: () => void;

  constructor(options: GadgetConnectionOptions) {
    this.#options = options;
    const { socket, logger, after = stallTimer } = options;
    this.#callOffDeadline = after(OPEN_DEADLINE_MS, () => {
      logger.warn(
        {},
        `the USB service was not asked for anything within ${OPEN_DEADLINE_MS / 1000} s: the connection is closed`,
      );
      socket.destroy();
    });
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#receive(text));
  }

  /** Closes the socket, waits for the act under way and takes the gadget away. */
  async end(): Promise<void> {
    this.#callOffDeadline();
    this.#options.socket.destroy();
    await this.#act;
    const control = this.#control;
    this.#control = null;
    try {
      await control?.remove();
    } catch (error) {
      this.#options.logger.error({ err: error }, 'the USB gadget could not be removed');
    }
  }

  #receive(text: string): void {
    const request = this.#next(text);
    if (request === null) return;
    if (typeof request === 'string') {
      this.#options.logger.warn(
        {},
        `the USB service was sent ${request}: the connection is closed`,
      );
      this.#options.socket.destroy();
      return;
    }
    this.#callOffDeadline();
    this.#act = this.#perform(request).then((reply) => {
      this.#act = null;
      if (this.#options.socket.writable) this.#options.socket.write(gadgetLine(reply));
    });
  }

  /** The request that is complete with this text, null while it is not; in words, what is wrong. */
  #next(text: string): GadgetRequest | string | null {
    // Nothing may follow a request before its reply, so no queue can grow here.
    if (this.#act !== null) return 'a request before the reply to the last one';
    this.#text += text;
    const end = this.#text.indexOf('\n');
    if (end > MAX_LINE_LENGTH || (end < 0 && this.#text.length > MAX_LINE_LENGTH)) {
      return 'a line that is too long';
    }
    if (end < 0) return null;
    if (end + 1 < this.#text.length) return 'two requests at once';
    const request = parseGadgetRequest(this.#text.slice(0, end));
    this.#text = '';
    if (request === null) return 'what is no request';
    const inTurn = (request.act === 'open') === (this.#control === null);
    return inTurn ? request : `"${request.act}" at the wrong time`;
  }

  async #perform(request: GadgetRequest): Promise<GadgetReply> {
    try {
      await this.#options.ready;
      const gadget = await this.#ask(request);
      if (!gadget) return { ok: true };
      await this.#options.grant(gadget);
      return { ok: true, udc: gadget.udc, devices: Object.fromEntries(gadget.devices) };
    } catch (error) {
      if (error instanceof GadgetError) {
        return { ok: false, fault: error.fault, message: error.message };
      }
      this.#options.logger.error({ err: error, act: request.act }, 'an act on the gadget failed');
      return { ok: false, fault: 'failed', message: `The USB service failed to ${request.act}.` };
    }
  }

  async #ask(request: GadgetRequest): Promise<BoundGadget | undefined> {
    if (request.act === 'open') {
      this.#control = this.#options.createControl(request);
      return undefined;
    }
    const control = this.#control as GadgetControl;
    switch (request.act) {
      case 'create':
        await control.create(request.functions);
        return undefined;
      case 'set-functions':
        await control.setFunctions(request.functions);
        return undefined;
      case 'bind':
        return control.bind();
      default:
        await control[request.act]();
        return undefined;
    }
  }
}
