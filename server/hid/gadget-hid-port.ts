import { createFdWatcher, type FdReady, type FdWatcher } from '../../native/index.js';
import type { Logger } from '../logger.js';
import type { HidState } from '../protocol/control-messages.js';
import { type DeviceFiles, systemDeviceFiles } from './device-files.js';
import type { BoundGadget } from './gadget-control.js';
import type { HidFunction, HidPort, HidPortListener, WriteResult } from './hid-port.js';
import { FUNCTION_DESCRIPTIONS, HID_FUNCTIONS } from './report-descriptors.js';
import { ReportDevice } from './report-device.js';
import { type StallTimer, stallTimer } from './stall-timer.js';
import { UdcStatus } from './udc-status.js';

/** How often the state is read where the kernel does not tell of it. */
export const POLL_MS = 250;
/** The same while a host is asked to wake up: a press waits for the answer. */
export const WAKING_POLL_MS = 20;
/** How often an idle device is asked whether its host is there; longer than a host may stall. */
export const PROBE_MS = 2000;
/** A host that has not woken up after this long will not. */
export const WAKE_DEADLINE_MS = 2000;

export interface GadgetHidPortOptions {
  logger: Logger;
  /** Asks the host to wake up; see GadgetControl. */
  wake(): Promise<void>;
  /** The controller is gone, or somebody unplugged the gadget. */
  lost?: () => void;
  /** For tests. */
  files?: DeviceFiles;
  after?: StallTimer;
  createWatcher?: (ready: FdReady) => FdWatcher;
  udcRoot?: string;
}

/**
 * The USB side over the character devices of a bound gadget. Owns their descriptors and the watcher; GadgetControl makes
 * and binds the gadget and tells with {@link attach} and {@link detach}.
 */
export class GadgetHidPort implements HidPort {
  readonly #options: GadgetHidPortOptions;
  readonly #files: DeviceFiles;
  readonly #after: StallTimer;
  readonly #watcher: FdWatcher;
  readonly #devices = new Map<HidFunction, ReportDevice>();
  #functions: readonly HidFunction[] = HID_FUNCTIONS;
  #status: UdcStatus | null = null;
  #listener: HidPortListener | undefined;
  #absent: 'unbound' | 'busy' = 'unbound';
  #sysfsState: HidState = 'unbound';
  /** A write said that no host has configured us, whatever sysfs says. */
  #silent = false;
  /** The listener may find out with a write whether that is still so. */
  #trying = false;
  #told: HidState = 'unbound';
  #lamps: number | undefined;
  #cancelPoll: (() => void) | null = null;
  #wakingMs: number | null = null;
  #probedMs = 0;
  #wakeFailureSaid = false;
  #wakers: Array<(awake: boolean) => void> = [];
  #udc: string | null = null;

  constructor(options: GadgetHidPortOptions) {
    this.#options = options;
    this.#files = options.files ?? systemDeviceFiles;
    this.#after = options.after ?? stallTimer;
    const createWatcher = options.createWatcher ?? createFdWatcher;
    this.#watcher = createWatcher((fd, events) => this.#ready(fd, events));
  }

  get state(): HidState {
    if (this.#status === null) return this.#absent;
    const silent = this.#silent && !this.#trying;
    return this.#sysfsState === 'configured' && silent ? 'detached' : this.#sysfsState;
  }

  /** The controller that the gadget is bound to. */
  get udc(): string | null {
    return this.#udc;
  }

  /** Those of the gadget now or last: they may change with each {@link attach}. */
  get functions(): readonly HidFunction[] {
    return this.#functions;
  }

  write(fn: HidFunction, report: Uint8Array): WriteResult {
    const device = this.#devices.get(fn);
    if (device === undefined) return 'gone';
    const result = device.write(report);
    // A missing node says something of this function only; ESHUTDOWN, with the node open, of the whole gadget.
    if (result !== 'gone') this.#silent = false;
    else if (device.fd !== null) this.#silent = true;
    this.#trying = false;
    if (result === 'written') this.#tell(false);
    else this.#refresh(false);
    return result;
  }

  /**
   * One attempt at a time; says so when it was in vain. Awake or unplugged hosts are left alone. Resolves with whether the
   * host is awake, never rejects.
   */
  wake(): Promise<boolean> {
    if (this.state !== 'suspended') return Promise.resolve(this.state === 'configured');
    const answer = new Promise<boolean>((resolve) => this.#wakers.push(resolve));
    if (this.#wakingMs === null) {
      this.#wakingMs = 0;
      this.#options.wake().catch((error: unknown) => this.#wakeFailed(error));
      this.#poll();
    }
    return answer;
  }

  /** Lamps that the host set before the call are told right after it. */
  listen(listener: HidPortListener): void {
    this.#listener = listener;
    const bits = this.#lamps;
    if (bits !== undefined) queueMicrotask(() => listener.ledReport(bits));
  }

  /** The gadget is plugged in: opens its devices. */
  attach(gadget: BoundGadget): void {
    this.#release();
    this.#wakeFailureSaid = false;
    this.#functions = [...gadget.devices.keys()];
    const { files, watcher, after, logger } = this.#parts();
    const { udc } = gadget;
    this.#udc = udc;
    const udcRoot = this.#options.udcRoot;
    this.#status = new UdcStatus({ udc, files, watcher, ...(udcRoot ? { udcRoot } : {}) });
    this.#status.open();
    for (const [fn, device] of gadget.devices) {
      const { hostSends } = FUNCTION_DESCRIPTIONS[fn];
      const writable = (sure: boolean) => this.#writable(fn, sure);
      const received = (report: Uint8Array) => this.#received(report);
      this.#devices.set(
        fn,
        new ReportDevice({ device, hostSends, files, watcher, after, logger, writable, received }),
      );
    }
    for (const device of this.#devices.values()) device.open();
    this.#refresh(true);
    this.#poll();
  }

  /** The gadget is, or is about to be, unplugged: closes its devices. `busy`: another gadget has the controller. */
  detach(absent: 'unbound' | 'busy' = 'unbound'): void {
    this.#absent = absent;
    this.#release();
    this.#tell(false);
  }

  /** Ends everything; nothing is told after it. Idempotent. */
  close(): void {
    this.#listener = undefined;
    this.#release();
    this.#watcher.close();
  }

  #parts() {
    return {
      files: this.#files,
      watcher: this.#watcher,
      after: this.#after,
      logger: this.#options.logger,
    };
  }

  #release(): void {
    this.#cancelPoll?.();
    this.#cancelPoll = null;
    this.#wakingMs = null;
    this.#udc = null;
    this.#answerWakers(false);
    for (const device of this.#devices.values()) device.close();
    this.#devices.clear();
    this.#status?.close();
    this.#status = null;
    this.#silent = false;
    this.#lamps = undefined;
  }

  #ready(fd: number, events: { read: boolean; write: boolean; priority: boolean }): void {
    if (fd === this.#status?.fd) {
      this.#refresh(true);
      return;
    }
    for (const device of this.#devices.values()) {
      if (device.fd === fd) device.ready(events);
    }
  }

  #writable(fn: HidFunction, sure: boolean): void {
    if (!this.#silent) {
      this.#listener?.writable(fn);
    } else if (sure) {
      this.#silent = false;
      this.#refresh(true);
    } else {
      // The writer sends the state, and the answer decides what the listener is told.
      this.#trying = true;
      this.#listener?.writable(fn);
      this.#trying = false;
    }
  }

  #received(report: Uint8Array): void {
    const bits = report[0];
    if (bits === undefined) return;
    this.#lamps = bits;
    this.#listener?.ledReport(bits);
  }

  /** Reads the state. `renewed`: the kernel has news of it, so what reads configured was configured again. */
  #refresh(renewed: boolean): void {
    const state = this.#status?.read();
    if (state === undefined) return;
    const was = this.state;
    this.#sysfsState = state === 'lost' ? 'unbound' : state;
    if (renewed && state === 'configured') {
      this.#silent = false;
      for (const device of this.#devices.values()) device.renew();
    }
    if (this.#wakingMs !== null && this.state !== 'suspended') {
      this.#wakingMs = null;
      this.#answerWakers(this.state === 'configured');
    }
    this.#tell(renewed && state === 'configured' && was === 'configured');
    if (state === 'lost' || state === 'unbound') this.#options.lost?.();
  }

  #tell(anew: boolean): void {
    const { state } = this;
    if (state === this.#told && !anew) return;
    this.#told = state;
    if (state === 'unbound' || state === 'detached' || state === 'busy') this.#lamps = undefined;
    this.#listener?.stateChanged(state);
  }

  #poll(): void {
    this.#cancelPoll?.();
    const delayMs = this.#wakingMs === null ? POLL_MS : WAKING_POLL_MS;
    this.#cancelPoll = this.#after(delayMs, () => {
      this.#cancelPoll = null;
      if (this.#wakingMs !== null) this.#stillWaking(delayMs);
      this.#refresh(false);
      this.#probe(delayMs);
      if (this.#status !== null) this.#poll();
    });
  }

  /** Nothing tells when a host takes the configuration away; a device in use says so with its next write. */
  #probe(passedMs: number): void {
    this.#probedMs += passedMs;
    if (this.#probedMs < PROBE_MS || this.state !== 'configured') return;
    this.#probedMs = 0;
    const device = this.#devices.get(this.#functions[0] ?? 'keyboard');
    if (device === undefined || device.probe()) return;
    this.#silent = true;
    this.#tell(false);
  }

  #stillWaking(passedMs: number): void {
    this.#wakingMs = (this.#wakingMs ?? 0) + passedMs;
    if (this.#wakingMs < WAKE_DEADLINE_MS) return;
    this.#wakingMs = null;
    this.#wakeFailed(null);
  }

  #answerWakers(awake: boolean): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const waker of wakers) waker(awake);
  }

  #wakeFailed(error: unknown): void {
    this.#answerWakers(false);
    if (this.#wakeFailureSaid) return;
    this.#wakeFailureSaid = true;
    this.#options.logger.warn(
      error === null ? {} : { err: error },
      'the computer did not wake up by USB: it has not allowed this to the device, or the driver of the USB controller here cannot do it',
    );
  }
}
