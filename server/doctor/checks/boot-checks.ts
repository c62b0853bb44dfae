import { readBootConfig } from '../boot-config.js';
import { type Check, fail, note, pass } from '../check.js';
import type { Machine } from '../machine.js';

/** Pictures of 1080p for capture and encoder, twice over. */
const LEAST_CMA_MIB = 64;

const NO_CONFIG = 'There is no config.txt: not the boot partition of a Raspberry Pi.';

const REBOOT = 'and start the board again.';

/** What the firmware was told at boot. */
export const BOOT_CHECKS: readonly Check[] = [
  {
    name: 'config.txt: bridge',
    run: (machine) => {
      const config = readBootConfig(machine);
      if (!config) return note(NO_CONFIG);
      const parameters = config.overlays.get('tc358743');
      if (parameters) return pass(`dtoverlay=${['tc358743', ...parameters].join(',')}.`);
      return fail(
        `${config.path} has no dtoverlay=tc358743 for this board.`,
        `Add that line under [all] ${REBOOT}`,
      );
    },
  },
  {
    name: 'config.txt: USB device mode',
    run: (machine) => {
      const config = readBootConfig(machine);
      if (!config) return note(NO_CONFIG);
      const line = 'dtoverlay=dwc2,dr_mode=peripheral';
      const parameters = config.overlays.get('dwc2');
      if (!parameters) {
        return fail(
          `${config.path} has no dtoverlay=dwc2 for this board.`,
          `Add ${line} under [all] ${REBOOT}`,
        );
      }
      const mode = parameters.find((text) => text.startsWith('dr_mode='))?.slice('dr_mode='.length);
      if (mode === 'peripheral') return pass(`${line}.`);
      const found = `dwc2 has ${mode === undefined ? 'no dr_mode' : `dr_mode=${mode}`} in ${config.path}.`;
      if (mode === 'host') return fail(found, `Make it ${line} ${REBOOT}`);
      return note(found, `With ${line} the cable does not decide whether the board is a device.`);
    },
  },
  {
    name: 'memory for pictures (CMA)',
    run: (machine) => {
      const total = machine.memoryMib('CmaTotal');
      if (total === null || total === 0) {
        const found = 'The kernel has set no contiguous memory (CMA) aside.';
        return machine.isPi ? fail(found, cmaAdvice(machine)) : note(found);
      }
      const found = `${total} MiB, ${machine.memoryMib('CmaFree') ?? 0} of them free.`;
      return total >= LEAST_CMA_MIB ? pass(found) : fail(found, cmaAdvice(machine));
    },
  },
  {
    name: 'SPI (e-paper panel)',
    run: (machine) => {
      if (machine.config.noEpaper) return note('Not looked for: --no-epaper.');
      const nodes = machine.list('/dev').filter((name) => name.startsWith('spidev'));
      if (nodes.length > 0) return pass(`/dev/${nodes.join(', /dev/')}.`);
      const asked = readBootConfig(machine)?.parameters.get('spi') === 'on';
      return note(
        `There is no /dev/spidev*, ${asked ? 'although config.txt has dtparam=spi=on' : 'and no dtparam=spi=on'}.`,
        'Only an e-paper panel needs it.',
      );
    },
  },
];

function cmaAdvice(machine: Machine): string {
  const path = readBootConfig(machine)?.path ?? 'config.txt';
  return `Add dtoverlay=cma,cma-96 to ${path} ${REBOOT}`;
}
