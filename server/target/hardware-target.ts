import { existsSync } from 'node:fs';
import type { CaptureDeviceSource, NativeSignal } from '../../native/index.js';
import { ConfigfsGadget } from '../hid/configfs-gadget.js';
import type { GadgetControl } from '../hid/gadget-control.js';
import { GadgetHidPort, type GadgetHidPortOptions } from '../hid/gadget-hid-port.js';
import type { GadgetIdentity } from '../hid/gadget-identity.js';
import { GadgetKeeper } from '../hid/gadget-keeper.js';
import type { HidFunction, HidPort } from '../hid/hid-port.js';
import { HID_FUNCTIONS } from '../hid/report-descriptors.js';
import { type StallTimer, stallTimer } from '../hid/stall-timer.js';
import { udcDriver } from '../hid/udc.js';
import { UsbControl } from '../hid/usb-control.js';
import type { Logger } from '../logger.js';
import type { Target, VideoSignal } from './target.js';

export interface HardwareTargetOptions {
  /** The capture device's node. */
  device: string;
  /** The USB device controller; null takes the first free one. */
  udc: string | null;
  identity: GadgetIdentity;
  /** In the order of interfaces; all if not given. */
  functions?: readonly HidFunction[];
  logger: Logger;
  /** For tests. */
  control?: GadgetControl;
  after?: StallTimer;
  port?: Partial<Pick<GadgetHidPortOptions, 'files' | 'createWatcher' | 'udcRoot'>>;
}

/**
 * A real computer: pictures from a capture device, input through a USB gadget. Either may be missing, or come and go:
 * that is a state and no error.
 */
export class HardwareTarget implements Target {
  readonly kind = 'hardware';
  readonly videoSource: CaptureDeviceSource;
  readonly usb: UsbControl;
  readonly #port: GadgetHidPort;
  readonly #gadget: GadgetKeeper;
  readonly #listeners = new Set<(signal: VideoSignal) => void>();
  #signal: VideoSignal;
  #closing: Promise<void> | undefined;

  /** Use {@link createHardwareTarget}. */
  constructor(options: HardwareTargetOptions) {
    const { device, udc, identity, logger } = options;
    const after = options.after ?? stallTimer;
    const control = options.control ?? new ConfigfsGadget({ udc, identity, logger });
    this.videoSource = { kind: 'capture-device', path: device };
    // Until a pipeline has looked, nobody knows more.
    const state = existsSync(device) ? 'no-signal' : 'no-device';
    this.#signal = { state, width: 0, height: 0, frameRate: 0 };
    this.#port = new GadgetHidPort({
      ...options.port,
      after,
      logger,
      wake: () => control.wake(),
      lost: () => this.#gadget.lost(),
    });
    const functions = options.functions ?? HID_FUNCTIONS;
    this.#gadget = new GadgetKeeper({ control, port: this.#port, functions, after, logger });
    const driverOf = (name: string) => udcDriver(name, options.port?.udcRoot);
    this.usb = new UsbControl({ port: this.#port, keeper: this.#gadget, driverOf });
  }

  get hid(): HidPort {
    return this.#port;
  }

  /** What the last pipeline saw. */
  get signal(): VideoSignal {
    return this.#signal;
  }

  /** Plugs the gadget in; see GadgetKeeper.start. */
  start(): Promise<void> {
    return this.#gadget.start();
  }

  onSignal(listener: (signal: VideoSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pipelineSignal(signal: NativeSignal): void {
    this.#signal = { ...signal };
    for (const listener of this.#listeners) listener(this.#signal);
  }

  /** Nothing to do: a source that nobody captures costs nothing. */
  setWatched(): void {}

  /** Unplugs the gadget, takes it away and closes its devices. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#gadget.close().finally(() => this.#port.close());
    return this.#closing;
  }
}

/** Plugs the gadget in, or keeps trying to, and resolves after the first attempt. */
export async function createHardwareTarget(
  options: HardwareTargetOptions,
): Promise<HardwareTarget> {
  const target = new HardwareTarget(options);
  await target.start();
  return target;
}
