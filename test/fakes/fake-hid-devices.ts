import type { FdEvents, FdReady, FdWatcher } from '../../native/index.js';
import type { DeviceFiles } from '../../server/hid/device-files.js';
import { errno } from './fake-configfs.js';

/** One /dev/hidgN: what a test makes it do, and what it was given. */
export class FakeHidNode {
  /** Reports that it takes until the host fetches them. */
  room = Number.POSITIVE_INFINITY;
  /** Thrown by each write, in order; then by the room. */
  readonly failures: string[] = [];
  /** Thrown by every write while set. */
  broken: string | null = null;
  /** Bytes that a write takes at most. */
  longest = 64;
  readonly written: string[] = [];
  /** Reports of the host. */
  readonly incoming: number[][] = [];

  constructor(readonly device: string) {}

  take(): string[] {
    return this.written.splice(0);
  }
}

/** Device nodes and sysfs attributes in memory, and the watcher of their descriptors. */
export class FakeHidDevices implements DeviceFiles {
  readonly nodes = new Map<string, FakeHidNode>();
  readonly attributes = new Map<string, string>();
  readonly watched = new Map<number, FdEvents>();
  watcherClosed = false;
  /** Runs what the watcher finds ready at once; without it only a test's `fire` tells. */
  later: ((callback: () => void) => void) | null = null;
  #ready: FdReady = () => {};
  #lastFd = 2;
  readonly #open = new Map<number, string>();

  /** Everything is there: a controller with a host that has configured the gadget, and nodes 240:0 and so on. */
  constructor(udc: string, functions: number) {
    for (const name of ['state', 'function']) this.attributes.set(`/udc/${udc}/${name}`, '');
    this.attributes.set(`/udc/${udc}/device/gadget.0/suspended`, '0');
    this.attributes.set(`/udc/${udc}/state`, 'configured');
    this.attributes.set(`/udc/${udc}/function`, 'mykvm');
    for (let n = 0; n < functions; n += 1) {
      this.nodes.set(`/dev/hidg${n}`, new FakeHidNode(`240:${n}`));
    }
  }

  node(n: number): FakeHidNode {
    const node = this.nodes.get(`/dev/hidg${n}`);
    if (!node) throw new Error(`there is no hidg${n}`);
    return node;
  }

  get openPaths(): string[] {
    return [...this.#open.values()];
  }

  createWatcher = (ready: FdReady): FdWatcher => {
    this.#ready = ready;
    return {
      watch: (fd, events) => {
        if (!this.#open.has(fd)) throw errno('EBADF', String(fd));
        this.watched.set(fd, events);
        const path = this.#open.get(fd) ?? '';
        const node = this.nodes.get(path);
        const ready = node !== undefined && node.room > 0 && node.broken === null;
        if (events.write && ready) this.later?.(() => void this.fire(path, { write: true }));
      },
      forget: (fd) => void this.watched.delete(fd),
      close: () => {
        this.watcherClosed = true;
      },
    };
  };

  /** The kernel wakes who waits for this file. True when somebody did. */
  fire(path: string, events: FdEvents): boolean {
    for (const [fd, open] of this.#open) {
      if (open !== path) continue;
      const asked = this.watched.get(fd) ?? {};
      const heard = {
        read: (asked.read && events.read) ?? false,
        write: (asked.write && events.write) ?? false,
        priority: (asked.priority && events.priority) ?? false,
      };
      if (!heard.read && !heard.write && !heard.priority) continue;
      this.watched.delete(fd);
      this.#ready(fd, heard);
      return true;
    }
    return false;
  }

  findHidNode(device: string): string | null {
    return [...this.nodes].find(([, node]) => node.device === device)?.[0] ?? null;
  }

  open(path: string): number {
    if (!this.nodes.has(path) && !this.attributes.has(path)) throw errno('ENOENT', path);
    this.#lastFd += 1;
    this.#open.set(this.#lastFd, path);
    return this.#lastFd;
  }

  write(fd: number, bytes: Uint8Array): number {
    const node = this.#nodeOf(fd);
    const failure = node.failures.shift() ?? node.broken;
    if (failure) throw errno(failure, 'write');
    if (node.room === 0) throw errno('EAGAIN', 'write');
    node.room -= 1;
    node.written.push(Buffer.from(bytes).toString('hex'));
    return Math.min(bytes.length, node.longest);
  }

  read(fd: number, buffer: Uint8Array): number {
    const report = this.#nodeOf(fd).incoming.shift();
    if (!report) throw errno('EAGAIN', 'read');
    buffer.set(report);
    return report.length;
  }

  readAttribute(fd: number): string {
    const text = this.attributes.get(this.#open.get(fd) ?? '');
    if (text === undefined) throw errno('ENODEV', 'read');
    return text;
  }

  list(path: string): string[] {
    const below = [...this.attributes.keys()].filter((name) => name.startsWith(`${path}/`));
    return [...new Set(below.map((name) => name.slice(path.length + 1).split('/')[0] as string))];
  }

  close(fd: number): void {
    if (!this.#open.delete(fd)) throw errno('EBADF', 'close');
  }

  #nodeOf(fd: number): FakeHidNode {
    const node = this.nodes.get(this.#open.get(fd) ?? '');
    if (!node) throw errno('ENODEV', 'fd');
    return node;
  }
}
