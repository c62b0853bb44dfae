import type { FdWatcher } from '../../native/index.js';
import type { Logger } from '../logger.js';
import type { DeviceFiles } from './device-files.js';
import type { WriteResult } from './hid-port.js';
import type { StallTimer } from './stall-timer.js';

/**
 * Retrying of a refused report, doubling. The watcher usually is sooner: the kernel wakes waiters when the host has fetched a
 * report. A host may leave a device alone for good (Linux asks a mouse for nothing while no program reads it), so that
 * retrying must cost next to nothing: every 50 ms for three such devices took 20 times the processor of an idle port.
 */
export const RETRY_MS = { first: 5, last: 1000 } as const;
/** Looking again for a node that is missing or a host that is away. */
export const RETURN_MS = { first: 100, last: 5000 } as const;

/** Tries of one write that a signal interrupts. */
const MAX_INTERRUPTIONS = 8;
/** Longest report that a host sends: the lamps are one byte. */
const HOST_REPORT_BYTES = 64;
/** Reports read in one go: more than the kernel keeps (4). */
const MAX_READS = 16;

export interface ReportDeviceOptions {
  /** major:minor of the character device. */
  device: string;
  /** The host sends reports to this function. */
  hostSends: boolean;
  files: DeviceFiles;
  watcher: Pick<FdWatcher, 'watch' | 'forget'>;
  after: StallTimer;
  logger: Logger;
  /** Worth trying again after 'again'; after 'gone' too, then `sure` says that the device takes reports now. */
  writable(sure: boolean): void;
  /** A report of the host. */
  received(report: Uint8Array): void;
}

/**
 * The character device of one HID function (drivers/usb/gadget/function/f_hid.c). It holds one report until the host
 * has fetched it. Poll says nothing when the host goes away, so nothing here waits for poll alone.
 */
export class ReportDevice {
  readonly #options: ReportDeviceOptions;
  #fd: number | null = null;
  #closed = false;
  #retryMs: number = RETRY_MS.first;
  #returnMs: number = RETURN_MS.first;
  #refused: Exclude<WriteResult, 'written'> | null = null;
  #cancelTimer: (() => void) | null = null;
  #truncated = false;
  /** Waits for an idle device to say that it takes reports. */
  #asked = false;
  /** It has not answered; if it takes a report all the same, asking is no use on this kernel. */
  #suspected = false;
  #answers = true;

  constructor(options: ReportDeviceOptions) {
    this.#options = options;
  }

  /** The descriptor for the watcher's news; null while the node is missing. */
  get fd(): number | null {
    return this.#fd;
  }

  /** Opens the node and reads what the host has sent already. A missing node is looked for again later. */
  open(): void {
    if (!this.#reopen()) this.#refuse('gone');
  }

  write(report: Uint8Array): WriteResult {
    this.#asked = false;
    if (this.#fd === null && !this.#reopen()) return this.#refuse('gone');
    for (let tries = 0; tries < MAX_INTERRUPTIONS; tries += 1) {
      try {
        return this.#written(report, this.#options.files.write(this.#fd as number, report));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EINTR') continue;
        if (code === 'EAGAIN') return this.#refuse('again');
        // ESHUTDOWN: no host has configured the gadget; the descriptor works again when one has. All else is final.
        if (code !== 'ESHUTDOWN') this.#drop();
        return this.#refuse('gone');
      }
    }
    return this.#refuse('again');
  }

  /**
   * To be called once in a while, longer than a host may stall. An idle device takes reports as long as a host has configured
   * it; false when it has not said so since the last call. No write, no answer: nothing is sent to find out.
   */
  probe(): boolean {
    if (this.#fd === null || this.#refused !== null || !this.#answers) return true;
    if (this.#asked) {
      this.#suspected = true;
      this.#refuse('gone');
      return false;
    }
    this.#asked = true;
    this.#watch();
    return true;
  }

  /** What the watcher says of the descriptor. */
  ready(events: { read: boolean; write: boolean }): void {
    if (events.read) this.#receive();
    if (events.write) {
      this.#asked = false;
      this.#suspected = false;
    }
    if (events.write && this.#refused !== null && !this.#closed) this.#tryAgain(true);
    else this.#watch();
  }

  /** The host configured the gadget anew: what was refused is worth another try at once. */
  renew(): void {
    this.#refused = null;
    this.#suspected = false;
    this.#asked = false;
    this.#settle();
    if (this.#fd === null) this.#reopen();
    this.#receive();
    this.#watch();
  }

  /** Closes the node; nothing is told after it. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#settle();
    this.#drop();
  }

  #written(report: Uint8Array, taken: number): WriteResult {
    if (taken !== report.length && !this.#truncated) {
      this.#truncated = true;
      this.#options.logger.error(
        { taken, length: report.length, device: this.#options.device },
        'the kernel cut a HID report short: its report_length is wrong',
      );
    }
    if (this.#suspected) this.#answers = false;
    this.#refused = null;
    this.#settle();
    this.#retryMs = RETRY_MS.first;
    this.#returnMs = RETURN_MS.first;
    return 'written';
  }

  #refuse<R extends 'again' | 'gone'>(result: R): R {
    this.#refused = result;
    this.#settle();
    this.#watch();
    this.#cancelTimer = this.#options.after(this.#nextDelayMs(result), () => {
      this.#cancelTimer = null;
      this.#tryAgain(false);
    });
    return result;
  }

  #nextDelayMs(result: 'again' | 'gone'): number {
    if (result === 'again') {
      const delayMs = this.#retryMs;
      this.#retryMs = Math.min(delayMs * 2, RETRY_MS.last);
      return delayMs;
    }
    const delayMs = this.#returnMs;
    this.#returnMs = Math.min(delayMs * 2, RETURN_MS.last);
    return delayMs;
  }

  #tryAgain(sure: boolean): void {
    this.#settle();
    const opened = this.#fd === null;
    if (opened && !this.#reopen()) {
      this.#refuse('gone');
      return;
    }
    // A host that is away is looked for until a write says that it is back.
    if (this.#refused === 'gone' && !sure && !opened) this.#refuse('gone');
    else this.#refused = null;
    this.#watch();
    this.#options.writable(sure);
  }

  #reopen(): boolean {
    const { files, device, hostSends } = this.#options;
    if (this.#closed) return false;
    try {
      const path = files.findHidNode(device);
      if (path === null) return false;
      this.#fd = files.open(path, 'read-write');
    } catch {
      // Between bind and udev it may be missing or not ours yet.
      return false;
    }
    if (hostSends) this.#receive();
    this.#watch();
    return true;
  }

  #receive(): void {
    const { files, received, hostSends } = this.#options;
    const buffer = new Uint8Array(HOST_REPORT_BYTES);
    for (let reads = 0; hostSends && reads < MAX_READS && this.#fd !== null; reads += 1) {
      try {
        const length = files.read(this.#fd, buffer);
        if (length === 0) return;
        received(buffer.slice(0, length));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EINTR') continue;
        return;
      }
    }
  }

  #watch(): void {
    if (this.#fd === null) return;
    const { hostSends, watcher } = this.#options;
    const write = this.#refused !== null || this.#asked;
    if (hostSends || write) watcher.watch(this.#fd, { read: hostSends, write });
    else watcher.forget(this.#fd);
  }

  #settle(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #drop(): void {
    if (this.#fd === null) return;
    this.#options.watcher.forget(this.#fd);
    this.#options.files.close(this.#fd);
    this.#fd = null;
  }
}
