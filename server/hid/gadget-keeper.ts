import type { Logger } from '../logger.js';
import type { BoundGadget, GadgetControl } from './gadget-control.js';
import { GadgetError } from './gadget-error.js';
import type { HidFunction } from './hid-port.js';
import type { StallTimer } from './stall-timer.js';

/** Trying again when the gadget cannot be had: from the first to the last delay, doubling. */
export const REBIND_MS = { first: 1000, last: 30_000 } as const;
/** Plugged in for this long, it is well: the next delay is the first again. One that comes and goes is tried less and less. */
export const WELL_MS = 30_000;

/** What the keeper tells of the gadget: its HID port. */
export interface GadgetListener {
  attach(gadget: BoundGadget): void;
  detach(absent: 'unbound' | 'busy'): void;
}

export interface GadgetKeeperOptions {
  control: GadgetControl;
  port: GadgetListener;
  functions: readonly HidFunction[];
  after: StallTimer;
  logger: Logger;
}

/**
 * Keeps the gadget plugged in: makes and binds it, with fewer functions where the controller has too few endpoints, and
 * tries again with back-off while it cannot be had. Acts one after the other. The port closes its devices before each.
 */
export class GadgetKeeper {
  readonly #options: GadgetKeeperOptions;
  #wanted: readonly HidFunction[];
  #acts: Promise<unknown> = Promise.resolve();
  #plugged = false;
  #closing = false;
  #delayMs: number = REBIND_MS.first;
  #cancelRetry: (() => void) | null = null;
  #cancelWell: (() => void) | null = null;
  #said = '';

  constructor(options: GadgetKeeperOptions) {
    this.#options = options;
    this.#wanted = options.functions;
  }

  /** The functions that it shall have; the controller may have endpoints for fewer. */
  get wanted(): readonly HidFunction[] {
    return this.#wanted;
  }

  /** Why there is no gadget, for the user; null while there is one. */
  get problem(): string | null {
    return this.#said === '' ? null : this.#said;
  }

  /** The first attempt. Never rejects: what fails is logged and tried again. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#tryPlugIn());
  }

  /** Unplugs the gadget and plugs it in again, as if by hand. */
  replug(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#unplug();
      await this.#tryPlugIn();
    });
  }

  /** Other functions, in the order of interfaces; the host sees the gadget leave and come back. */
  setFunctions(functions: readonly HidFunction[]): Promise<void> {
    return this.#inTurn(async () => {
      this.#wanted = functions;
      await this.#unplug();
      await this.#tryPlugIn();
    });
  }

  /** The controller is gone, or somebody else unplugged the gadget: it is plugged in again. */
  lost(): void {
    if (!this.#plugged || this.#closing) return;
    this.#noLongerPlugged();
    this.#options.logger.warn({}, 'the USB gadget was unplugged or its controller is gone');
    this.#options.port.detach('unbound');
    this.#retryLater();
  }

  /** Unplugs the gadget and takes it away, or says why it stays behind. Idempotent. */
  async close(): Promise<void> {
    if (this.#closing) return this.#acts.then(() => {});
    this.#closing = true;
    this.#cancelRetry?.();
    this.#cancelWell?.();
    this.#acts = this.#acts.then(() => this.#remove());
    await this.#acts;
  }

  async #remove(): Promise<void> {
    this.#options.port.detach('unbound');
    try {
      await this.#options.control.remove();
    } catch (error) {
      if (!(error instanceof GadgetError)) throw error;
      // Where no gadget could be had, there is none to remove. Else whoever made it has said why it stays: no fault of ours.
      if (!this.#plugged) return;
      this.#options.logger.warn({}, `the USB gadget stays behind: ${error.message}`);
    }
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#acts.then(() => (this.#closing ? undefined : act()));
    this.#acts = done;
    return done;
  }

  async #unplug(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    if (!this.#plugged) return;
    this.#noLongerPlugged();
    this.#options.port.detach('unbound');
    // Making it anew removes what is there; this says to the host first that the device has left.
    await this.#options.control.unbind().catch((error: unknown) => this.#say(error));
  }

  #noLongerPlugged(): void {
    this.#plugged = false;
    this.#cancelWell?.();
    this.#cancelWell = null;
  }

  async #tryPlugIn(): Promise<void> {
    const { port, logger, after } = this.#options;
    try {
      const gadget = await this.#plugIn();
      this.#plugged = true;
      this.#cancelWell = after(WELL_MS, () => {
        this.#delayMs = REBIND_MS.first;
      });
      this.#said = '';
      const functions = [...gadget.devices.keys()];
      logger.info({ udc: gadget.udc, functions }, 'the USB gadget is plugged in');
      port.attach(gadget);
    } catch (error) {
      this.#say(error);
      port.detach(error instanceof GadgetError && error.fault === 'udc-busy' ? 'busy' : 'unbound');
      this.#retryLater();
    }
  }

  /** The keyboard is first and stays; media keys are the first to go. */
  async #plugIn(): Promise<BoundGadget> {
    const { control, logger } = this.#options;
    await control.create(this.#wanted);
    for (let functions = this.#wanted; ; functions = functions.slice(0, -1)) {
      try {
        return await control.bind();
      } catch (error) {
        const fits = !(error instanceof GadgetError && error.fault === 'does-not-fit');
        if (fits || functions.length <= 1) throw error;
        const without = functions.at(-1);
        logger.warn({ reason: error.message }, `the USB gadget goes without its ${without}`);
        await control.setFunctions(functions.slice(0, -1));
      }
    }
  }

  #retryLater(): void {
    if (this.#closing) return;
    this.#cancelRetry?.();
    this.#cancelRetry = this.#options.after(this.#delayMs, () => {
      this.#cancelRetry = null;
      void this.start();
    });
    this.#delayMs = Math.min(this.#delayMs * 2, REBIND_MS.last);
  }

  /** Each reason once, however often it is met in a row. */
  #say(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason === this.#said) return;
    this.#said = reason;
    const context = error instanceof GadgetError ? {} : { err: error };
    this.#options.logger.warn(context, `no USB keyboard and mouse: ${reason}`);
  }
}
