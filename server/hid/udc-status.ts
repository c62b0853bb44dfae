import type { FdWatcher } from '../../native/index.js';
import type { DeviceFiles } from './device-files.js';
import { UDC_ROOT } from './udc.js';

/** What the kernel says of the connection. `lost`: the controller itself is gone. */
export type UdcState = 'lost' | 'unbound' | 'detached' | 'suspended' | 'configured';

export interface UdcStatusOptions {
  udc: string;
  files: DeviceFiles;
  watcher: Pick<FdWatcher, 'watch' | 'forget'>;
  /** For tests: another tree. */
  udcRoot?: string;
}

/**
 * Reads the state of a USB device controller from sysfs. The kernel tells of news of the attribute `state` (sysfs_notify),
 * also when the host configures the gadget while it reads `configured` already; it tells nothing when the host takes the
 * configuration away or suspends the bus. So this is half of the truth; the other half is what writes say.
 */
export class UdcStatus {
  readonly #files: DeviceFiles;
  readonly #watcher: Pick<FdWatcher, 'watch' | 'forget'>;
  readonly #path: string;
  #stateFd: number | null = null;
  #functionFd: number | null = null;
  #suspendedFd: number | null = null;

  constructor(options: UdcStatusOptions) {
    this.#files = options.files;
    this.#watcher = options.watcher;
    this.#path = `${options.udcRoot ?? UDC_ROOT}/${options.udc}`;
  }

  /** The descriptor for the watcher's news. */
  get fd(): number | null {
    return this.#stateFd;
  }

  /** Opens the attributes. What is missing is met as `lost` by {@link read}, or as never suspended. */
  open(): void {
    this.#stateFd = this.#tryOpen(`${this.#path}/state`);
    this.#functionFd = this.#tryOpen(`${this.#path}/function`);
    // The gadget's device stands beside the class device; older kernels leave its number out.
    const gadget = this.#files.list(`${this.#path}/device`).find((name) => /^gadget/.test(name));
    if (gadget) this.#suspendedFd = this.#tryOpen(`${this.#path}/device/${gadget}/suspended`);
  }

  /** The state now, and the next news are asked for. */
  read(): UdcState {
    const fd = this.#stateFd;
    if (fd === null) return 'lost';
    const state = this.#tryRead(fd);
    if (state === null) return 'lost';
    this.#watcher.watch(fd, { priority: true });
    // Somebody else may have unplugged our gadget; some controllers leave the state as it was then.
    if (this.#functionFd !== null && this.#tryRead(this.#functionFd) === '') return 'unbound';
    if (state === 'suspended') return 'suspended';
    if (state !== 'configured') return 'detached';
    const suspended = this.#suspendedFd !== null && this.#tryRead(this.#suspendedFd) === '1';
    return suspended ? 'suspended' : 'configured';
  }

  /** Idempotent. */
  close(): void {
    for (const fd of [this.#stateFd, this.#functionFd, this.#suspendedFd]) {
      if (fd === null) continue;
      this.#watcher.forget(fd);
      this.#files.close(fd);
    }
    this.#stateFd = null;
    this.#functionFd = null;
    this.#suspendedFd = null;
  }

  #tryOpen(path: string): number | null {
    try {
      return this.#files.open(path, 'read');
    } catch {
      return null;
    }
  }

  #tryRead(fd: number): string | null {
    try {
      return this.#files.readAttribute(fd);
    } catch {
      return null;
    }
  }
}
