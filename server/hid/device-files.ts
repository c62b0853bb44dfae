import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';

/**
 * Device nodes and sysfs attributes, never blocking: the calls return at once or throw with `code` EAGAIN. They run in
 * the caller's thread, which costs a few microseconds each; a round through libuv's threads would cost more and could
 * reorder reports.
 */
export interface DeviceFiles {
  /** The node of the HID character device major:minor, null when there is none (yet). */
  findHidNode(device: string): string | null;
  open(path: string, access: 'read' | 'read-write'): number;
  /** The number of bytes taken. */
  write(fd: number, bytes: Uint8Array): number;
  read(fd: number, buffer: Uint8Array): number;
  /** The text of an attribute of sysfs, from its beginning; also takes its news (see FdWatcher). */
  readAttribute(fd: number): string;
  /** Names in a directory, none when it is not there. */
  list(path: string): string[];
  close(fd: number): void;
}

const NODE_DIRECTORY = '/dev';
/** hidg0, hidg1 …: the names that the kernel gives; udev may add links, never rename. */
const NODE_NAME = /^hidg\d+$/;
const ATTRIBUTE_BYTES = 64;

/** The files of this machine. */
export const systemDeviceFiles: DeviceFiles = {
  findHidNode(device) {
    for (const name of this.list(NODE_DIRECTORY)) {
      if (!NODE_NAME.test(name)) continue;
      const path = `${NODE_DIRECTORY}/${name}`;
      const { rdev } = statSync(path, { throwIfNoEntry: false }) ?? { rdev: 0 };
      if (deviceNumber(rdev) === device) return path;
    }
    return null;
  },
  open: (path, access) =>
    openSync(
      path,
      (access === 'read' ? constants.O_RDONLY : constants.O_RDWR) | constants.O_NONBLOCK,
    ),
  write: (fd, bytes) => writeSync(fd, bytes),
  read: (fd, buffer) => readSync(fd, buffer),
  readAttribute(fd) {
    const buffer = Buffer.alloc(ATTRIBUTE_BYTES);
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, ATTRIBUTE_BYTES, 0)).trim();
  },
  list(path) {
    try {
      return readdirSync(path);
    } catch {
      return [];
    }
  },
  close: (fd) => closeSync(fd),
};

/** st_rdev as major:minor (glibc's encoding of dev_t). */
export function deviceNumber(rdev: number): string {
  const wide = BigInt(rdev);
  const major = ((wide >> 8n) & 0xfffn) | ((wide >> 32n) & ~0xfffn);
  const minor = (wide & 0xffn) | ((wide >> 12n) & ~0xffn & 0xffffffffn);
  return `${major}:${minor}`;
}
