import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { HidFunction } from '../../../server/hid/hid-port.js';
import { until } from '../../e2e/until.js';
import { reportEndpoint } from './host-input.js';

/** usbmon's text of all buses (Documentation/usb/usbmon.rst). */
const USBMON = '/sys/kernel/debug/usb/usbmon/0u';
/** An interrupt transfer that brought bytes: "… C Ii:1:002:1 0:8 8 = 00000400 00000000". Device 1 is the hub. */
const REPORT = / C Ii:\d+:(?!001)\d+:(\d+) 0:\d+ \d+ = ([0-9a-f ]+)/;

/** Every report that crosses the USB, whether a program of the host reads it or not. */
export class Wire {
  readonly #process: ChildProcess;
  readonly #reports: Array<{ endpoint: number; report: string }> = [];
  #started = false;

  private constructor() {
    this.#process = spawn('busybox', ['cat', USBMON], { stdio: ['ignore', 'pipe', 'inherit'] });
    let rest = '';
    this.#process.stdout?.on('data', (text: Buffer) => {
      this.#started = true;
      const lines = (rest + text.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [, endpoint, bytes] = REPORT.exec(line) ?? [];
        if (endpoint === undefined || bytes === undefined) continue;
        this.#reports.push({ endpoint: Number(endpoint), report: bytes.replaceAll(' ', '') });
      }
    });
  }

  /** Resolves when it hears the USB; `stir` makes some traffic. */
  static async open(stir: () => void): Promise<Wire> {
    if (!existsSync(USBMON)) {
      execFileSync('modprobe', ['usbmon']);
      execFileSync('mount', ['-t', 'debugfs', 'debugfs', '/sys/kernel/debug']);
    }
    const wire = new Wire();
    await until('traffic on the USB', () => {
      stir();
      return wire.#started;
    });
    return wire;
  }

  /** The reports of a function so far. */
  of(product: string, fn: HidFunction): string[] {
    const endpoint = reportEndpoint(product, fn);
    return this.#reports.filter((one) => one.endpoint === endpoint).map(({ report }) => report);
  }

  clear(): void {
    this.#reports.length = 0;
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }
}
