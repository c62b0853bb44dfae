import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { HidFunction } from '../../../server/hid/hid-port.js';
import { until } from '../../e2e/until.js';
import { hostDevice, hostInterface, reportEndpoint } from './host-input.js';

const USBHID = '/sys/bus/usb/drivers/usbhid';

/**
 * Claims the interface and asks for one report after the other through usbfs (linux/usbdevice_fs.h), resting before each: between
 * two requests this host asks the device for nothing. Prints each report in hexadecimal; ends when the device is unplugged.
 */
const PROGRAM = `
import ctypes, errno, fcntl, struct, sys, time
node, interface, endpoint, rest = sys.argv[1], *map(int, sys.argv[2:])
CLAIM, BULK = 0x8004550f, 0xc0185502
GONE = (errno.ENODEV, errno.EPROTO, errno.ESHUTDOWN)
with open(node, "rb+", buffering=0) as device:
    fcntl.ioctl(device, CLAIM, struct.pack("I", interface))
    report = ctypes.create_string_buffer(64)
    print("ready", flush=True)
    while True:
        time.sleep(rest / 1000)
        transfer = bytearray(struct.pack("IIIxxxxP", 0x80 | endpoint, 64, 0, ctypes.addressof(report)))
        try:
            length = fcntl.ioctl(device, BULK, transfer)
        except OSError as error:
            if error.errno in GONE: sys.exit()
            raise
        print(report.raw[:length].hex(), flush=True)
`;

/** A host without a driver of the kernel, that takes the reports of one function at a pace of its own. It leaves with the device. */
export class SlowHost {
  readonly reports: string[] = [];
  #ready = false;

  private constructor(args: readonly string[]) {
    const program = spawn('python3', ['-c', PROGRAM, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let rest = '';
    program.stdout.on('data', (text: Buffer) => {
      const lines = (rest + text.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'ready') this.#ready = true;
        else this.reports.push(line);
      }
    });
  }

  /** Takes the function away from the kernel's driver. */
  static async open(product: string, fn: HidFunction, restMs: number): Promise<SlowHost> {
    const device = hostDevice(product) ?? '';
    const place = hostInterface(product, fn);
    const number = (attribute: string) =>
      readFileSync(`${device}/${attribute}`, 'utf8').trim().padStart(3, '0');
    const node = `/dev/bus/usb/${number('busnum')}/${number('devnum')}`;
    const endpoint = reportEndpoint(product, fn);
    writeFileSync(`${USBHID}/unbind`, basename(place));
    const interfaceNumber = place.slice(place.lastIndexOf('.') + 1);
    const host = new SlowHost([node, interfaceNumber, `${endpoint}`, `${restMs}`]);
    await until('the slow host', () => host.#ready);
    return host;
  }

  async untilReports(count: number): Promise<void> {
    await until(
      `${count} reports`,
      () => this.reports.length >= count,
      () => `There are ${this.reports.length}.`,
    );
  }
}
