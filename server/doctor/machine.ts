import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.js';
import type { DoctorDevices } from './native-devices.js';

export interface MachineOptions {
  /** Where / is: another folder in tests. */
  root?: string;
  config: Config;
  devices: DoctorDevices;
  /** Who runs the checks, by name. */
  user: string;
  nowMs: number;
  /** Where MyKVM keeps a certificate of its own. */
  certDir: string;
  /** For tests, which root runs too: whether the user may read and write a path below the root. */
  mayUse?(path: string): boolean;
}

/** The machine as the checks see it: its files below one root, its devices behind one interface. Reads only. */
export class Machine {
  readonly config: Config;
  readonly devices: DoctorDevices;
  readonly user: string;
  readonly nowMs: number;
  readonly certDir: string;
  readonly #root: string;
  readonly #mayUse: (path: string) => boolean;

  constructor(options: MachineOptions) {
    this.#root = options.root ?? '/';
    this.#mayUse = options.mayUse ?? ((path) => accessible(this.at(path)));
    this.config = options.config;
    this.devices = options.devices;
    this.user = options.user;
    this.nowMs = options.nowMs;
    this.certDir = options.certDir;
  }

  /** The text of a file without white space and zero bytes at its ends; null where there is none, or none to read. */
  read(path: string): string | null {
    try {
      return readFileSync(this.at(path), 'utf8').replaceAll('\0', '').trim();
    } catch {
      return null;
    }
  }

  /** Names in a directory, sorted; empty where there is none. */
  list(path: string): string[] {
    try {
      return readdirSync(this.at(path)).sort();
    } catch {
      return [];
    }
  }

  exists(path: string): boolean {
    return existsSync(this.at(path));
  }

  /** The user may read and write it. */
  mayUse(path: string): boolean {
    return this.exists(path) && this.#mayUse(path);
  }

  /** When a file was last changed; null where there is none. */
  changedMs(path: string): number | null {
    return statSync(this.at(path), { throwIfNoEntry: false })?.mtimeMs ?? null;
  }

  /** The path to open. */
  at(path: string): string {
    return this.#root === '/' ? path : join(this.#root, path);
  }

  /** A number of /proc/meminfo in MiB; null where the kernel does not tell. */
  memoryMib(field: string): number | null {
    const [, kib] =
      new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(this.read('/proc/meminfo') ?? '') ?? [];
    return kib === undefined ? null : Math.floor(Number(kib) / 1024);
  }

  /** What the board calls itself; null for a computer without device tree. */
  get model(): string | null {
    return this.read('/proc/device-tree/model') || null;
  }

  get isPi(): boolean {
    return this.model?.startsWith('Raspberry Pi') ?? false;
  }
}

function accessible(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
