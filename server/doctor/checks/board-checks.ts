import { type Check, fail, note, pass } from '../check.js';

/** Available memory below which the process would be killed, and what it needs with two viewers. */
const LEAST_MEMORY_MIB = 100;

const HOT_C = 80;
const WARM_C = 70;

/** Bits of the firmware's get_throttled: now, and (16 higher) since it was started. */
const THROTTLED = [
  [0, 'the supply voltage is too low'],
  [1, 'the processor clock is capped'],
  [2, 'the processor is throttled'],
  [3, 'the soft temperature limit is reached'],
] as const;

const THROTTLED_FILE = '/sys/devices/platform/soc/soc:firmware/get_throttled';

const SYNCHRONIZED = '/run/systemd/timesync/synchronized';

/** The board itself: what it is, and whether it is well. */
export const BOARD_CHECKS: readonly Check[] = [
  {
    name: 'board',
    run: ({ model, isPi }) => {
      if (model === null) return note('This is no board with a device tree, so no Raspberry Pi.');
      if (/Pi 5|Compute Module 5/.test(model)) {
        return fail(
          `${model} has no H.264 encoder in hardware.`,
          'Use a Raspberry Pi Zero 2 W, 3 or 4, or live with --encoder software.',
        );
      }
      if (isPi && /Zero 2/.test(model)) return pass(`${model}.`);
      return note(`${model}: MyKVM is made for the Raspberry Pi Zero 2 W.`);
    },
  },
  {
    name: 'kernel',
    run: (machine) => {
      const release = machine.read('/proc/sys/kernel/osrelease') ?? 'unknown';
      // "6.12.25+rpt-rpi-v8" of Raspberry Pi OS, "6.1.21-v8+" before.
      if (!machine.isPi || /rpi|-v[678]/.test(release)) return pass(`Linux ${release}.`);
      return fail(
        `Linux ${release} is not the kernel of Raspberry Pi OS: others lack bcm2835-codec, the driver of the encoder.`,
        'Install Raspberry Pi OS, or its kernel (linux-image-rpi-v8).',
      );
    },
  },
  {
    name: 'memory',
    run: (machine) => {
      const total = machine.memoryMib('MemTotal');
      const available = machine.memoryMib('MemAvailable');
      if (total === null || available === null) return note('The kernel does not tell.');
      const found = `${available} of ${total} MiB are free.`;
      if (available >= LEAST_MEMORY_MIB) return pass(found);
      return fail(
        found,
        `MyKVM needs ${LEAST_MEMORY_MIB} MiB: end other programs, or install the system without a desktop.`,
      );
    },
  },
  {
    name: 'temperature',
    run: (machine) => {
      const values = machine
        .list('/sys/class/thermal')
        .map((zone) => machine.read(`/sys/class/thermal/${zone}/temp`))
        .filter((text) => text !== null && /^\d+$/.test(text))
        .map((text) => Math.round(Number(text) / 1000));
      if (values.length === 0) return note('This machine has no sensor that the kernel knows.');
      const hottest = Math.max(...values);
      const found = `${hottest} °C.`;
      const advice = 'Give it a heat sink, and air: at 80 °C the board slows down.';
      if (hottest >= HOT_C) return fail(found, advice);
      return hottest >= WARM_C ? note(found, advice) : pass(found);
    },
  },
  {
    name: 'power supply and throttling',
    run: (machine) => {
      const text = machine.read(THROTTLED_FILE);
      if (text === null || !/^(0x)?[0-9a-f]+$/i.test(text)) {
        return note('Only the firmware of a Raspberry Pi tells.');
      }
      const bits = Number.parseInt(text, 16);
      const set = (shift: number) =>
        THROTTLED.filter(([bit]) => (bits >> (bit + shift)) & 1).map(([, what]) => what);
      const [now, before] = [set(0), set(16)];
      if (now.length === 0 && before.length === 0) return pass('Never throttled since the start.');
      const found =
        now.length > 0
          ? `Now ${now.join(', ')}.`
          : `Since the start, for a time: ${before.join(', ')}.`;
      const advice =
        bits & 0x10001 ? 'Use a 5 V supply of 2 A and a short cable.' : 'Cool the board.';
      return now.length > 0 ? fail(found, advice) : note(found, advice);
    },
  },
  {
    name: 'time',
    run: (machine) => {
      const now = new Date(machine.nowMs)
        .toISOString()
        .replace(/\.\d+Z$/, ' UTC')
        .replace('T', ' ');
      // Nobody has installed a system in the future.
      const installedMs = machine.changedMs('/etc/os-release');
      if (installedMs !== null && machine.nowMs < installedMs) {
        return fail(
          `The clock says ${now}, which is before this system was made.`,
          'Set the clock (timedatectl set-ntp true): certificates are judged by it.',
        );
      }
      if (machine.exists(SYNCHRONIZED)) return pass(`${now}, synchronized.`);
      return note(
        `The clock says ${now}, and nothing shows that it was synchronized.`,
        'A Pi has no clock of its own that survives power off: see timedatectl.',
      );
    },
  },
];
