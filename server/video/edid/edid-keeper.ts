import { readEdid, writeEdid } from '../../../native/index.js';
import type { Logger } from '../../logger.js';
import type { EdidState } from '../../protocol/api.js';

/** Reads and writes the EDID of a device; tests bring their own. */
export interface EdidDevice {
  readEdid(path: string): Uint8Array | null;
  writeEdid(path: string, edid: Uint8Array): void;
}

/** Runs its argument while no pipeline has the device open. */
export type WhileStopped = (work: () => void) => void;

/** The device has no place for an EDID: a webcam, or a dongle with its own. */
const NO_EDID = ['ENOTTY', 'EINVAL', 'ENODATA'];

/**
 * Keeps one EDID on a capture device: devices forget theirs when they are reset or plugged in again. Most take another one
 * at any time: the target sees a new display and changes its mode. Those that are busy while they stream get it while the
 * pipeline is stopped.
 */
export class EdidKeeper {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #device: EdidDevice;
  #edid: Uint8Array;
  /** What the device made of it: HDMI repeaters put their own physical address in. */
  #shown: Uint8Array | null = null;
  #state: EdidState = 'waiting';
  #problem = '';

  constructor(
    path: string,
    edid: Uint8Array,
    logger: Logger,
    device: EdidDevice = { readEdid, writeEdid },
  ) {
    this.#path = path;
    this.#edid = edid;
    this.#logger = logger;
    this.#device = device;
  }

  /** What the target is to see. */
  get edid(): Uint8Array {
    return this.#edid;
  }

  /** Whether it does, as of the last attempt. */
  get state(): EdidState {
    return this.#state;
  }

  /** Shows another EDID from now on. A device that refuses it while it streams gets it by `whileStopped`, if that is given. */
  change(edid: Uint8Array, whileStopped?: WhileStopped): void {
    this.#edid = edid;
    this.#shown = null;
    try {
      this.#write();
    } catch (error) {
      const busy = (error as NodeJS.ErrnoException).code === 'EBUSY';
      if (busy && whileStopped) whileStopped(() => this.ensure());
      else this.#failed(error as NodeJS.ErrnoException);
    }
  }

  /** Writes the EDID unless the device shows it already. Never throws: a new problem is logged once. */
  ensure(): void {
    try {
      this.#write();
    } catch (error) {
      this.#failed(error as NodeJS.ErrnoException);
    }
  }

  #write(): void {
    const present = this.#device.readEdid(this.#path);
    if (!sameBytes(present, this.#edid) && !sameBytes(present, this.#shown)) {
      this.#device.writeEdid(this.#path, this.#edid);
      this.#shown = this.#device.readEdid(this.#path);
      this.#logger.info({ device: this.#path }, 'the target sees our display description (EDID)');
    }
    this.#state = 'shown';
    this.#problem = '';
  }

  #failed(error: NodeJS.ErrnoException): void {
    const fixed = NO_EDID.includes(error.code ?? '');
    this.#state = fixed ? 'fixed' : 'waiting';
    if (this.#problem === error.message) return;
    this.#problem = error.message;
    if (fixed) {
      this.#logger.info({ device: this.#path }, 'the capture device has a fixed EDID, or none');
    } else {
      this.#logger.warn(
        { err: error },
        'the display description (EDID) cannot be written now; it is tried again when the device is back and with the next start of the pipeline',
      );
    }
  }
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a !== null && b !== null && Buffer.compare(a, b) === 0;
}
