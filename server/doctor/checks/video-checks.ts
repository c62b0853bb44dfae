import type { NativeSignal } from '../../../native/index.js';
import { StartError } from '../../errors.js';
import { chooseEncoder } from '../../video/choose-encoder.js';
import { problemsText } from '../../video/edid/edid-choice.js';
import { type Check, type Finding, fail, note, pass } from '../check.js';
import type { Machine } from '../machine.js';

const BRIDGE_DRIVER = '/sys/bus/i2c/drivers/tc358743';

const SIGNAL_WORDS: Record<
  Exclude<NativeSignal['state'], 'ok'>,
  [reason: string, advice: string]
> = {
  'no-device': ['The capture device went away.', 'See the line above.'],
  'no-cable': [
    'There are no 5 V from an HDMI source.',
    'Plug the HDMI cable in at both ends, and switch the computer on.',
  ],
  'no-signal': [
    'There is no picture signal.',
    'Switch the computer on or wake it up; if it found no display at its start, start it again while MyKVM runs.',
  ],
  'no-sync': [
    'There is a signal, but the bridge cannot lock to it.',
    'Use a shorter HDMI cable, or choose another display for the computer (--edid).',
  ],
  'unsupported-timings': [
    'The source sends a mode that does not fit through the bridge.',
    'Choose 1280x720 or 1920x1080 at 30 Hz or less on the computer, or another display for it (--edid).',
  ],
};

/** The way of the picture: capture device, bridge, HDMI signal, EDID, encoder. */
export const VIDEO_CHECKS: readonly Check[] = [
  {
    name: 'capture device',
    run: (machine) => {
      const path = machine.config.device;
      if (!machine.exists(path)) {
        return fail(
          `There is no ${path}.`,
          'On a board see the bridge and config.txt; another device is chosen with --device.',
        );
      }
      if (!machine.mayUse(path)) return forbidden(machine, path, 'video');
      try {
        const formats = machine.devices.captureFormats(path);
        const found = `${path}${driverOf(machine, path)} delivers ${shortList(formats)}.`;
        if (formats.length > 0) return pass(found);
        return fail(
          `${path}${driverOf(machine, path)} captures no pictures.`,
          'Choose another device with --device.',
        );
      } catch (error) {
        return fail(
          `${path} cannot be asked: ${messageOf(error)}.`,
          'Choose another device with --device.',
        );
      }
    },
  },
  {
    name: 'HDMI bridge',
    run: (machine) => {
      const bound = machine.list(BRIDGE_DRIVER).filter((name) => /^\d+-[0-9a-f]{4}$/.test(name));
      if (bound.length > 0) return pass(`TC358743 at I2C ${bound.join(', ')}.`);
      if (!machine.isPi) return note('No TC358743: that is for boards with a CSI port.');
      return fail(
        'The driver tc358743 has found no chip.',
        'Check the ribbon cable (contacts, which way round), then dtoverlay=tc358743; the reason is in: dmesg | grep tc358743',
      );
    },
  },
  {
    name: 'HDMI signal',
    run: async (machine) => {
      const path = machine.config.device;
      if (!machine.mayUse(path)) return note('Not asked, for want of a capture device.');
      try {
        const { state, width, height, frameRate } = await machine.devices.probeSignal(path);
        if (state !== 'ok') return fail(...SIGNAL_WORDS[state]);
        return pass(`${width}x${height}${frameRate > 0 ? ` at ${Math.round(frameRate)} Hz` : ''}.`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EBUSY') {
          return note(
            'Another program captures now: MyKVM itself, if it runs and somebody watches.',
          );
        }
        return fail(
          `${path} cannot capture: ${messageOf(error)}.`,
          'See dmesg for what the driver says.',
        );
      }
    },
  },
  {
    name: 'EDID',
    run: (machine) => {
      const path = machine.config.device;
      if (!machine.mayUse(path)) return note('Not asked, for want of a capture device.');
      try {
        const edid = machine.devices.readEdid(path);
        if (edid === null) {
          return note(
            'The computer sees no display now.',
            'MyKVM shows it one as soon as it runs.',
          );
        }
        const wrong = problemsText(edid);
        if (wrong === null) return pass(`${edid.length} bytes, sound.`);
        return fail(
          `The computer sees a damaged display description: ${wrong}.`,
          'Start MyKVM, which writes its own.',
        );
      } catch (error) {
        return note(`${path} has none that could be read: ${messageOf(error)}.`);
      }
    },
  },
  {
    name: 'encoder',
    run: (machine) => {
      const { device, encoder } = machine.config;
      if (encoder === 'software') return note('Software, as --encoder says.');
      const { devices } = machine;
      try {
        const source = { kind: 'capture-device', path: device } as const;
        const chosen = chooseEncoder(encoder, source, devices);
        if (chosen.kind === 'm2m') {
          const found = devices.listEncoders().find(({ path }) => path === chosen.path);
          return pass(`${chosen.path} (${chosen.name}) takes ${shortList(found?.formats ?? [])}.`);
        }
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        return fail(error.message, 'See the nodes below /dev/video*.');
      }
      const locked = machine
        .list('/dev')
        .filter((name) => /^video\d+$/.test(name) && !machine.mayUse(`/dev/${name}`));
      if (locked.length > 0) return forbidden(machine, `/dev/${locked.join(', /dev/')}`, 'video');
      const found = 'No hardware encoder takes the pictures: MyKVM codes them in software.';
      if (!machine.isPi) return note(found);
      return fail(
        found,
        'The kernel of Raspberry Pi OS brings /dev/video11 with bcm2835-codec: modprobe bcm2835-codec; gpu_mem must not be 16.',
      );
    },
  },
  {
    name: 'shared picture memory (dma_heap)',
    run: (machine) => {
      const heaps = machine.list('/dev/dma_heap');
      if (heaps.length === 0) {
        return note(
          'There is no /dev/dma_heap: used only where a capture device cannot export its buffers.',
        );
      }
      const usable = heaps.filter((name) => machine.mayUse(`/dev/dma_heap/${name}`));
      if (usable.length > 0) return pass(`${usable.join(', ')}.`);
      return note(
        `${machine.user} may not use ${heaps.join(', ')}: used only where a capture device cannot export its buffers.`,
      );
    },
  },
];

function forbidden(machine: Machine, path: string, group: string): Finding {
  const { user: name } = machine;
  return fail(
    `${name} may not use ${path}.`,
    `Let ${name} into the group ${group}: usermod -aG ${group} ${name}, and sign in again.`,
  );
}

/** " (unicam)": what the kernel calls a video node. */
function driverOf(machine: Machine, path: string): string {
  const name = machine.read(`/sys/class/video4linux/${path.replace(/^\/dev\//, '')}/name`);
  return name ? ` (${name})` : '';
}

/** Some of a long list: test drivers have 70 formats. */
function shortList(words: readonly string[]): string {
  const MOST = 8;
  const more = words.length > MOST ? ` and ${words.length - MOST} more` : '';
  return words.slice(0, MOST).join(', ') + more;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
