import type { Fault } from './fault.js';

const CONFIG_TXT = '/boot/firmware/config.txt';
const MEMINFO = '/proc/meminfo';
const MODEL = '/proc/device-tree/model';
const THROTTLED = '/sys/devices/platform/soc/soc:firmware/get_throttled';

/** The board itself and what its firmware was told. */
export const BOARD_FAULTS: readonly Fault[] = [
  [
    'a Pi 5',
    (b) => b.write(MODEL, 'Raspberry Pi 5 Model B'),
    'board',
    'fail',
    /no H\.264 encoder/,
    /Zero 2 W/,
  ],
  [
    'a Pi 4',
    (b) => b.write(MODEL, 'Raspberry Pi 4 Model B'),
    'board',
    'note',
    /made for the Raspberry Pi Zero 2/,
  ],
  ['a PC', (b) => b.remove(MODEL), 'board', 'note', /no Raspberry Pi/],
  [
    'a kernel of Debian',
    (b) => b.write('/proc/sys/kernel/osrelease', '6.12.9-arm64'),
    'kernel',
    'fail',
    /6\.12\.9-arm64 is not/,
    /linux-image-rpi/,
  ],
  [
    'little memory',
    (b) => b.write(MEMINFO, 'MemTotal: 426344 kB\nMemAvailable: 60000 kB\n'),
    'memory',
    'fail',
    /58 of 416 MiB/,
    /needs 100 MiB/,
  ],
  [
    'a hot board',
    (b) => b.write('/sys/class/thermal/thermal_zone0/temp', '81000'),
    'temperature',
    'fail',
    /81 °C/,
    /heat sink/,
  ],
  [
    'a warm board',
    (b) => b.write('/sys/class/thermal/thermal_zone0/temp', '72000'),
    'temperature',
    'note',
    /72 °C/,
    /heat sink/,
  ],
  [
    'a weak supply',
    (b) => b.write(THROTTLED, '50005'),
    'power supply and throttling',
    'fail',
    /voltage is too low, the processor is throttled/,
    /2 A/,
  ],
  [
    'a supply that was weak',
    (b) => b.write(THROTTLED, '50000'),
    'power supply and throttling',
    'note',
    /Since the start, for a time: the supply voltage is too low, the processor is throttled/,
    /2 A/,
  ],
  [
    'a clock in the past',
    (b) => {
      b.nowMs = 0;
    },
    'time',
    'fail',
    /1970-01-01 00:00:00 UTC/,
    /set-ntp/,
  ],
  ['a clock that nobody set', (b) => b.remove('/run/systemd'), 'time', 'note', /nothing shows/],
  [
    'no bridge in config.txt',
    (b) => b.write(CONFIG_TXT, '#dtoverlay=tc358743\n'),
    'config.txt: bridge',
    'fail',
    /no dtoverlay=tc358743/,
    /under \[all\]/,
  ],
  [
    'the bridge for another board',
    (b) => b.write(CONFIG_TXT, '[pi4]\ndtoverlay=tc358743\n'),
    'config.txt: bridge',
    'fail',
    /for this board/,
    /under \[all\]/,
  ],
  [
    'the bridge for this board',
    (b) => b.write(CONFIG_TXT, '[pi02]\ndtoverlay=tc358743,4lane=0\n[none]\n'),
    'config.txt: bridge',
    'pass',
    /tc358743,4lane=0/,
  ],
  [
    'config.txt where it was before',
    (b) => {
      b.remove('/boot/firmware');
      b.write('/boot/config.txt', 'dtoverlay=tc358743');
    },
    'config.txt: bridge',
    'pass',
    /tc358743/,
  ],
  [
    'USB as a host',
    (b) => b.write(CONFIG_TXT, 'dtoverlay=dwc2,dr_mode=host'),
    'config.txt: USB device mode',
    'fail',
    /dr_mode=host/,
    /dr_mode=peripheral/,
  ],
  [
    'USB as the cable says',
    (b) => b.write(CONFIG_TXT, 'dtoverlay=dwc2'),
    'config.txt: USB device mode',
    'note',
    /no dr_mode/,
    /the cable does not decide/,
  ],
  [
    'no USB controller in config.txt',
    (b) => b.write(CONFIG_TXT, ''),
    'config.txt: USB device mode',
    'fail',
    /no dtoverlay=dwc2/,
    /peripheral/,
  ],
  [
    'little CMA',
    (b) => b.write(MEMINFO, 'CmaTotal: 32768 kB\nCmaFree: 1024 kB\n'),
    'memory for pictures (CMA)',
    'fail',
    /32 MiB, 1 of them free/,
    /cma-96 to \/boot\/firmware/,
  ],
  [
    'no CMA',
    (b) => b.write(MEMINFO, 'MemTotal: 1 kB\n'),
    'memory for pictures (CMA)',
    'fail',
    /no contiguous memory/,
    /cma-96/,
  ],
  [
    'no SPI',
    (b) => b.remove('/dev/spidev0.0'),
    'SPI (e-paper panel)',
    'note',
    /although config\.txt has/,
  ],
  [
    'no panel wanted',
    (b) => {
      b.config = b.flags('--no-epaper');
    },
    'SPI (e-paper panel)',
    'note',
    /Not looked for/,
  ],
];
