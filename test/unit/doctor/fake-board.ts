import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { NativeSignal } from '../../../native/index.js';
import { type Config, loadConfig } from '../../../server/config.js';
import type { Finding } from '../../../server/doctor/check.js';
import { CHECKS } from '../../../server/doctor/doctor.js';
import { Machine } from '../../../server/doctor/machine.js';
import type { DoctorDevices } from '../../../server/doctor/native-devices.js';
import { buildEdid } from '../../../server/video/edid/build-edid.js';

/** A Pi Zero 2 W that is set up as docs/hardware.md says, with MyKVM running and a computer on it. */
const FILES: Record<string, string> = {
  '/proc/device-tree/model': 'Raspberry Pi Zero 2 W Rev 1.0\0',
  '/proc/sys/kernel/osrelease': '6.12.25+rpt-rpi-v8\n',
  '/proc/meminfo':
    'MemTotal:         426344 kB\nMemAvailable:     251000 kB\nCmaTotal:          98304 kB\nCmaFree:           61440 kB\n',
  '/boot/firmware/config.txt':
    '# MyKVM\ndtparam=spi=on,i2c_arm=on\n[cm4]\notg_mode=1\n[all]\ndtoverlay=dwc2,dr_mode=peripheral\ndtoverlay=tc358743\ndtoverlay=cma,cma-96 # MiB\n',
  '/sys/class/thermal/thermal_zone0/temp': '48312\n',
  '/sys/devices/platform/soc/soc:firmware/get_throttled': '0\n',
  '/run/systemd/timesync/synchronized': '',
  '/etc/os-release': 'ID=debian\n',
  '/dev/spidev0.0': '',
  '/dev/video0': '',
  '/dev/video11': '',
  '/dev/dma_heap/linux,cma': '',
  '/dev/hidg0': '',
  '/sys/class/video4linux/video0/name': 'unicam\n',
  '/sys/bus/i2c/drivers/tc358743/10-000f/name': 'tc358743\n',
  '/sys/class/udc/3f980000.usb/state': 'configured\n',
  '/sys/kernel/config/usb_gadget/mykvm/UDC': '3f980000.usb\n',
  '/var/lib/mykvm/users.json': '{}',
};

const ENCODER = { path: '/dev/video11', name: 'bcm2835-codec-encode', formats: ['YU12', 'UYVY'] };

/** A board in a folder: tests take something away from it or put something wrong on it. */
export class FakeBoard {
  readonly root = mkdtempSync(join(tmpdir(), 'mykvm-doctor-'));
  config: Config;
  nowMs = Date.now() + 60_000;
  /** What the user may not use. */
  readonly forbidden = new Set<string>();
  formats: string[] | Error = ['UYVY', 'RGB3'];
  edid: Uint8Array | Error | null = buildEdid('1280x720@60', 'UNIT');
  signal: NativeSignal | Error = { state: 'ok', width: 1280, height: 720, frameRate: 60 };
  encoders: ReturnType<DoctorDevices['listEncoders']> = [ENCODER];

  constructor() {
    this.config = this.flags();
    for (const [path, text] of Object.entries(FILES)) this.write(path, text);
  }

  /** The configuration with these flags, on any free port. */
  flags(...flags: string[]): Config {
    const own = ['--port', '0', '--listen', '127.0.0.1', '--state-dir', '/var/lib/mykvm'];
    const result = loadConfig([...own, ...flags], {});
    if (result.kind !== 'config') throw new Error(JSON.stringify(result));
    return result.config;
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  remove(...paths: string[]): void {
    for (const path of paths) rmSync(join(this.root, path), { recursive: true });
  }

  get machine(): Machine {
    const orThrow = <T>(value: T | Error): T => {
      if (value instanceof Error) throw value;
      return value;
    };
    return new Machine({
      root: this.root,
      config: this.config,
      devices: {
        captureFormats: () => orThrow(this.formats),
        readEdid: () => orThrow(this.edid),
        listEncoders: () => this.encoders,
        probeSignal: async () => orThrow(this.signal),
      },
      user: 'ada',
      nowMs: this.nowMs,
      certDir: '/var/lib/mykvm',
      mayUse: (path) => !this.forbidden.has(path),
    });
  }

  /** Runs the one check of this name. */
  async find(name: string): Promise<Finding> {
    const check = CHECKS.find((one) => one.name === name);
    if (!check) throw new Error(`there is no check ${name}`);
    return await check.run(this.machine);
  }

  close(): void {
    rmSync(this.root, { recursive: true });
  }
}
