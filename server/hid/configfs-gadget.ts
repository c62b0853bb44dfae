import type { Logger } from '../logger.js';
import { type ConfigfsFiles, systemFiles } from './configfs-files.js';
import type { FileLock } from './file-lock.js';
import type { BoundGadget, GadgetControl } from './gadget-control.js';
import { GadgetError } from './gadget-error.js';
import type { GadgetIdentity } from './gadget-identity.js';
import type { HidFunction } from './hid-port.js';
import { FUNCTION_DESCRIPTIONS } from './report-descriptors.js';
import { boundFunction, chooseUdc, UDC_ROOT } from './udc.js';

/** Where configfs has all gadgets (Documentation/usb/gadget_configfs.rst). */
export const GADGET_ROOT = '/sys/kernel/config/usb_gadget';

/** Locked by the process that has the gadget. Only root can write to /run. */
export const GADGET_LOCK = '/run/mykvm-gadget.lock';

/** Our directory there. A name of our own: other gadgets are never touched. */
const GADGET_NAME = 'mykvm';
const CONFIGURATION = 'configs/c.1';
const ENGLISH = '0x409';
/** Bus powered, may wake the host (USB 2.0 table 9-10). */
const ATTRIBUTES = 0xa0;

export interface ConfigfsGadgetOptions {
  identity: GadgetIdentity;
  /** The controller that the user named; null takes the first free one. */
  udc: string | null;
  logger: Logger;
  /** This process has {@link GADGET_LOCK} already, for longer than one gadget. */
  locked?: boolean;
  /** For tests: another tree. */
  gadgetRoot?: string;
  udcRoot?: string;
  files?: ConfigfsFiles;
}

/**
 * The gadget as a tree in configfs, made by the process that runs this, which must be root. One process has it at a time; a
 * tree that no living process has is what a crash left.
 */
export class ConfigfsGadget implements GadgetControl {
  readonly #options: ConfigfsGadgetOptions;
  readonly #files: ConfigfsFiles;
  readonly #root: string;
  readonly #path: string;
  readonly #udcRoot: string;
  #functions: readonly HidFunction[] = [];
  #lock: FileLock | null = null;
  #oldKernelSaid = false;

  constructor(options: ConfigfsGadgetOptions) {
    this.#options = options;
    this.#files = options.files ?? systemFiles;
    this.#root = options.gadgetRoot ?? GADGET_ROOT;
    this.#path = `${this.#root}/${GADGET_NAME}`;
    this.#udcRoot = options.udcRoot ?? UDC_ROOT;
  }

  create(functions: readonly HidFunction[]): Promise<void> {
    return this.#explained('making the USB gadget', async () => {
      await this.#requireConfigfs();
      if (!(await this.#haveLock())) {
        throw new GadgetError(
          'udc-busy',
          'Another MyKVM has the USB gadget of this machine: end it or, if it is mykvm-usb, name its socket with --usb-socket.',
        );
      }
      if (await this.#exists()) {
        await this.#tearDown();
        this.#options.logger.info({ path: this.#path }, 'a USB gadget was left over: made anew');
      }
      try {
        await this.#build();
        await this.#addFunctions(functions);
      } catch (error) {
        // Nothing half made stays; what is wrong with it is said by the first error.
        await this.#tearDown().catch(() => {});
        this.#unlock();
        throw error;
      }
    });
  }

  bind(): Promise<BoundGadget> {
    return this.#explained('binding the USB gadget', async () => {
      const udc = await chooseUdc({
        files: this.#files,
        udcRoot: this.#udcRoot,
        gadgetRoot: this.#root,
        wanted: this.#options.udc,
      });
      await this.#bindTo(udc);
      const devices = new Map<HidFunction, string>();
      for (const [index, fn] of this.#functions.entries()) {
        devices.set(fn, (await this.#files.read(this.#functionPath(index, 'dev'))).trim());
      }
      return { udc, devices };
    });
  }

  unbind(): Promise<void> {
    return this.#explained('unplugging the USB gadget', () => this.#unbind());
  }

  setFunctions(functions: readonly HidFunction[]): Promise<void> {
    return this.#explained('changing the functions of the USB gadget', async () => {
      await this.#unbind();
      await this.#removeFunctions();
      await this.#addFunctions(functions);
    });
  }

  wake(): Promise<void> {
    return this.#explained('waking the USB host', async () => {
      // The attribute is named after a protocol of USB On-The-Go, but calls usb_gadget_wakeup() (drivers/usb/gadget/udc/core.c).
      const udc = await this.#boundUdc();
      if (udc !== '') await this.#files.write(`${this.#udcRoot}/${udc}/srp`, '1');
    });
  }

  remove(): Promise<void> {
    return this.#explained('removing the USB gadget', async () => {
      // One that another living process has is not ours to take away.
      if ((await this.#exists()) && (await this.#haveLock())) await this.#tearDown();
      this.#unlock();
    });
  }

  /** False while another process has it. */
  async #haveLock(): Promise<boolean> {
    if (this.#options.locked) return true;
    this.#lock ??= await this.#files.lock(GADGET_LOCK);
    return this.#lock !== null;
  }

  #unlock(): void {
    this.#lock?.release();
    this.#lock = null;
  }

  async #build(): Promise<void> {
    const { identity } = this.#options;
    await this.#files.makeDirectory(this.#path);
    await this.#set('idVendor', hex(identity.vendorId));
    await this.#set('idProduct', hex(identity.productId));
    await this.#set('bcdDevice', '0x0100');
    await this.#set('bcdUSB', '0x0200');
    await this.#make(`strings/${ENGLISH}`);
    await this.#set(`strings/${ENGLISH}/manufacturer`, identity.manufacturer);
    await this.#set(`strings/${ENGLISH}/product`, identity.product);
    await this.#set(`strings/${ENGLISH}/serialnumber`, identity.serial);
    await this.#make(CONFIGURATION);
    await this.#set(`${CONFIGURATION}/bmAttributes`, hex(ATTRIBUTES));
    await this.#set(`${CONFIGURATION}/MaxPower`, String(identity.maxPowerMilliamperes));
    await this.#make(`${CONFIGURATION}/strings/${ENGLISH}`);
    await this.#set(
      `${CONFIGURATION}/strings/${ENGLISH}/configuration`,
      'Keyboard, mouse, media keys',
    );
  }

  /** The order of the links is the order of the interfaces. */
  async #addFunctions(functions: readonly HidFunction[]): Promise<void> {
    for (const [index, fn] of functions.entries()) {
      const { subclass, protocol, reportBytes, descriptor } = FUNCTION_DESCRIPTIONS[fn];
      const name = functionName(index);
      await this.#make(`functions/${name}`);
      await this.#set(`functions/${name}/subclass`, String(subclass));
      await this.#set(`functions/${name}/protocol`, String(protocol));
      await this.#set(`functions/${name}/report_length`, String(reportBytes));
      await this.#set(`functions/${name}/report_desc`, descriptor);
      await this.#leaveOutEndpoint(name);
      await this.#files.link(
        `${this.#path}/functions/${name}`,
        `${this.#path}/${CONFIGURATION}/${name}`,
      );
    }
    this.#functions = [...functions];
  }

  /**
   * Saves an endpoint. A mouse reads none, so that a host that did send would get stuck; and with one on the keyboard the
   * kernel's f_hid refuses lamps by SET_REPORT on the control pipe, the only way that UEFI (edk2) sends them.
   */
  async #leaveOutEndpoint(name: string): Promise<void> {
    try {
      await this.#set(`functions/${name}/no_out_endpoint`, '1');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if (!this.#oldKernelSaid) {
        this.#options.logger.info(
          {},
          'this kernel has no no_out_endpoint (it came with 5.11): every USB function takes an endpoint more',
        );
      }
      this.#oldKernelSaid = true;
    }
  }

  async #bindTo(udc: string): Promise<void> {
    try {
      await this.#set('UDC', udc);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EBUSY' && code !== 'ENODEV') throw error;
      // Kernels from 6.0 on say EBUSY for everything that goes wrong here: whoever has the controller tells which it is.
      if ((await boundFunction({ files: this.#files, udcRoot: this.#udcRoot }, udc)) !== '') {
        throw new GadgetError(
          'udc-busy',
          `The USB device controller ${udc} was taken by another gadget.`,
          { cause: error },
        );
      }
      throw new GadgetError(
        'does-not-fit',
        `The USB device controller ${udc} refused the gadget (${code}): it has too few endpoints for ${this.#functions.join(', ')}.`,
        { cause: error },
      );
    }
  }

  async #unbind(): Promise<void> {
    if ((await this.#boundUdc()) === '') return;
    try {
      await this.#set('UDC', '\n');
    } catch (error) {
      // The controller went away meanwhile, and took the binding with it.
      if ((error as NodeJS.ErrnoException).code !== 'ENODEV') throw error;
    }
  }

  /** The controller that has our gadget; empty when none has. */
  async #boundUdc(): Promise<string> {
    return (await this.#files.read(`${this.#path}/UDC`)).trim();
  }

  async #removeFunctions(): Promise<void> {
    await this.#unlinkAll(CONFIGURATION);
    for (const name of await this.#directories('functions')) {
      await this.#files.removeDirectory(`${this.#path}/functions/${name}`);
    }
    this.#functions = [];
  }

  /** Any tree that has our name, whatever is in it; configfs takes directories away in this order only. */
  async #tearDown(): Promise<void> {
    await this.#unbind();
    await this.#unlinkAll('os_desc');
    for (const configuration of await this.#directories('configs')) {
      const path = `configs/${configuration}`;
      await this.#unlinkAll(path);
      await this.#removeAll(`${path}/strings`);
      await this.#files.removeDirectory(`${this.#path}/${path}`);
    }
    await this.#removeAll('functions');
    await this.#removeAll('strings');
    await this.#files.removeDirectory(this.#path);
    this.#functions = [];
  }

  async #unlinkAll(path: string): Promise<void> {
    for (const { name, kind } of await this.#list(path)) {
      if (kind === 'link') await this.#files.unlink(`${this.#path}/${path}/${name}`);
    }
  }

  async #removeAll(path: string): Promise<void> {
    for (const name of await this.#directories(path)) {
      await this.#files.removeDirectory(`${this.#path}/${path}/${name}`);
    }
  }

  async #directories(path: string): Promise<string[]> {
    const entries = await this.#list(path);
    return entries.filter((entry) => entry.kind === 'directory').map((entry) => entry.name);
  }

  async #list(path: string) {
    try {
      return await this.#files.list(`${this.#path}/${path}`);
    } catch (error) {
      // Parts differ between kernels, and a tree that was left over may be half made.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  async #exists(): Promise<boolean> {
    try {
      await this.#files.list(this.#path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  async #requireConfigfs(): Promise<void> {
    try {
      await this.#files.list(this.#root);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new GadgetError(
        'no-configfs',
        `USB gadgets are not set up (${this.#root} is missing): run "modprobe libcomposite" and, if configfs is not mounted, "mount -t configfs none /sys/kernel/config".`,
        { cause: error },
      );
    }
  }

  #make(path: string): Promise<void> {
    return this.#files.makeDirectory(`${this.#path}/${path}`);
  }

  #set(path: string, content: string | Uint8Array): Promise<void> {
    return this.#files.write(`${this.#path}/${path}`, content);
  }

  #functionPath(index: number, attribute: string): string {
    return `${this.#path}/functions/${functionName(index)}/${attribute}`;
  }

  /** Turns what the system says into a GadgetError that names the act. */
  async #explained<T>(act: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof GadgetError) throw error;
      const { code, path, message } = error as NodeJS.ErrnoException;
      const place = path ?? this.#path;
      if (code === 'EACCES' || code === 'EPERM') {
        throw new GadgetError(
          'not-permitted',
          `No permission for ${act} (${place}): run MyKVM as root, or let mykvm-usb make the gadget (docs/usb.md).`,
          { cause: error },
        );
      }
      throw new GadgetError('failed', `${act} failed: ${code ? `${code}, ${place}` : message}.`, {
        cause: error,
      });
    }
  }
}

function functionName(index: number): string {
  return `hid.usb${index}`;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`;
}
