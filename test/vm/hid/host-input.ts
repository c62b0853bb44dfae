import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, realpathSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { HidFunction } from '../../../server/hid/hid-port.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { until } from '../../e2e/until.js';
import { eventName, eventNumber } from './event-names.js';

/** struct input_event of a 64-bit machine: two longs of time, type, code, value. */
const EVENT_BYTES = 24;
const TYPE_AT = 16;
/** A held key repeats itself: value 2. */
const REPEAT = 2;

/** The device as the host sees it in sysfs, by its product name; null when it is not plugged in. */
export function hostDevice(product: string): string | null {
  const root = '/sys/bus/usb/devices';
  const found = readdirSync(root).find(
    (name) => readOrEmpty(`${root}/${name}/product`) === product,
  );
  const path = found ? linkOrEmpty(`${root}/${found}`) : '';
  // It may have left between the two looks.
  return path === '' ? null : path;
}

/** The interface of a function in sysfs. */
export function hostInterface(product: string, fn: HidFunction): string {
  const device = hostDevice(product);
  if (device === null) throw new Error(`the host does not see ${product}`);
  return `${device}/${basename(device)}:1.${HID_FUNCTIONS.indexOf(fn)}`;
}

/** The endpoint number from which the host takes the reports of a function. */
export function reportEndpoint(product: string, fn: HidFunction): number {
  const name = readdirSync(hostInterface(product, fn)).find((entry) => /^ep_8/.test(entry));
  if (name === undefined) throw new Error(`the ${fn} has no endpoint`);
  return Number.parseInt(name.slice('ep_8'.length), 16);
}

/** The input device (/dev/input/event*) that the host made of a function; null when there is none. See HostInput.open. */
function inputNode(product: string, fn: HidFunction, nameEnd = ''): string | null {
  const device = hostDevice(product);
  const place = `:1.${HID_FUNCTIONS.indexOf(fn)}/`;
  const root = '/sys/class/input';
  const found = readdirSync(root).find((name) => {
    const path = name.startsWith('event') ? linkOrEmpty(`${root}/${name}`) : '';
    return (
      device !== null &&
      path.startsWith(`${device}/`) &&
      path.includes(place) &&
      readOrEmpty(`${path}/device/name`).endsWith(nameEnd)
    );
  });
  return found ? `/dev/input/${found}` : null;
}

/** Reads what one input device of the host reports, in the kernel's words: "KEY_A 1", "ABS_X 32767". */
export class HostInput {
  readonly node: string;
  readonly events: string[] = [];
  readonly #reader: ChildProcess;
  #rest = Buffer.alloc(0);

  private constructor(node: string) {
    this.node = node;
    // A process of its own: the test sees what any program of the host would.
    this.#reader = spawn('busybox', ['cat', node], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#reader.stdout?.on('data', (bytes: Buffer) => this.#take(bytes));
  }

  /**
   * Waits for the device and for the reader to have opened it. Some functions become several devices, whose names end
   * differently: "System Control".
   */
  static async open(product: string, fn: HidFunction, nameEnd = ''): Promise<HostInput> {
    const node = await until(`the host's input device of the ${fn}`, () =>
      inputNode(product, fn, nameEnd),
    );
    const input = new HostInput(node);
    await until(`a reader of ${node}`, () => input.#isOpen());
    return input;
  }

  /** Waits until something has been reported, and what it was is the last. */
  async untilLast(event: string): Promise<void> {
    await this.#until(`"${event}" as the last event`, () => this.events.at(-1) === event);
  }

  async untilIncludes(event: string): Promise<void> {
    await this.#until(`the event "${event}"`, () => this.events.includes(event));
  }

  async untilCount(count: number): Promise<void> {
    await this.#until(`${count} events`, () => this.events.length >= count);
  }

  clear(): void {
    this.events.length = 0;
  }

  /** Without the scan codes that come with keys. */
  get keyEvents(): string[] {
    return this.events.filter((event) => !event.startsWith('MSC_SCAN'));
  }

  /** Writes an event as a program of the host does, such as LED_CAPSL 1. */
  send(type: string, code: string, value: number): void {
    const fd = openSync(this.node, 'w');
    writeSync(fd, encodeEvent(eventNumber(type), eventNumber(code), value));
    writeSync(fd, encodeEvent(eventNumber('EV_SYN'), eventNumber('SYN_REPORT'), 0));
    closeSync(fd);
  }

  /** Names of the keys that the host holds down now: EVIOCGKEY, which Node has no call for. */
  heldKeys(): string[] {
    const program = `
import fcntl, sys
keys = bytearray(96)
with open(sys.argv[1], "rb") as device:
    fcntl.ioctl(device, 0x80604518, keys)
print(" ".join(str(n) for n in range(768) if keys[n // 8] >> n % 8 & 1))`;
    const printed = execFileSync('python3', ['-c', program, this.node], { encoding: 'utf8' });
    const codes = printed.split(/\s+/).filter((code) => code !== '');
    return codes.map((code) => eventName(eventNumber('EV_KEY'), Number(code)) ?? code);
  }

  close(): void {
    this.#reader.kill('SIGKILL');
  }

  async #until(what: string, condition: () => boolean): Promise<void> {
    await until(`${what} of ${this.node}`, condition, () => `There was: ${this.events.join(', ')}`);
  }

  #isOpen(): boolean {
    const folder = `/proc/${this.#reader.pid}/fd`;
    return readdirSync(folder).some((fd) => linkOrEmpty(`${folder}/${fd}`) === this.node);
  }

  #take(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= EVENT_BYTES) {
      const type = this.#rest.readUInt16LE(TYPE_AT);
      const name = eventName(type, this.#rest.readUInt16LE(TYPE_AT + 2));
      const value = this.#rest.readInt32LE(TYPE_AT + 4);
      this.#rest = this.#rest.subarray(EVENT_BYTES);
      if (name && !(type === eventNumber('EV_KEY') && value === REPEAT)) {
        this.events.push(`${name} ${value}`);
      }
    }
  }
}

function encodeEvent(type: number, code: number, value: number): Buffer {
  const event = Buffer.alloc(EVENT_BYTES);
  event.writeUInt16LE(type, TYPE_AT);
  event.writeUInt16LE(code, TYPE_AT + 2);
  event.writeInt32LE(value, TYPE_AT + 4);
  return event;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function linkOrEmpty(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return '';
  }
}
