import type { Machine } from './machine.js';

/** Where Raspberry Pi OS keeps it: since 12, and before. */
const PATHS = ['/boot/firmware/config.txt', '/boot/config.txt'];

/** The sections of config.txt that count on a board (Raspberry Pi documentation, "conditional filters"). */
const SECTIONS: ReadonlyArray<[model: RegExp, sections: string[]]> = [
  [/Zero 2/, ['pi0', 'pi0w', 'pi02']],
  [/Pi (?:3|Compute Module 3)/, ['pi3', 'pi3+']],
  [/Pi (?:4|400)|Compute Module 4/, ['pi4', 'cm4', 'pi400']],
  [/Pi 5|Compute Module 5/, ['pi5', 'cm5']],
];

/** What the firmware is told at boot: the lines of config.txt that count on this board. */
export interface BootConfig {
  readonly path: string;
  /** Parameters of each dtoverlay by its name; of several lines the last. */
  readonly overlays: ReadonlyMap<string, string[]>;
  /** Of dtparam=spi=on: spi → on. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads config.txt; null on a machine that has none. */
export function readBootConfig(machine: Machine): BootConfig | null {
  const path = PATHS.find((candidate) => machine.exists(candidate));
  if (path === undefined) return null;
  const model = machine.model ?? '';
  const own = SECTIONS.find(([pattern]) => pattern.test(model))?.[1] ?? [];
  const overlays = new Map<string, string[]>();
  const parameters = new Map<string, string>();
  let counts = true;
  for (const line of (machine.read(path) ?? '').split('\n')) {
    const text = line.replace(/#.*/, '').trim();
    const section = /^\[(.*)\]$/.exec(text)?.[1];
    if (section !== undefined) counts = section === 'all' || own.includes(section);
    if (!counts) continue;
    const [, key, value = ''] = /^(dtoverlay|dtparam)\s*=\s*(.*)$/.exec(text) ?? [];
    const [first = '', ...rest] = value.split(',').map((part) => part.trim());
    if (key === 'dtoverlay' && first !== '') overlays.set(first, rest);
    if (key === 'dtparam') {
      for (const parameter of [first, ...rest]) {
        const [name = '', setting = 'on'] = parameter.split('=');
        parameters.set(name, setting);
      }
    }
  }
  return { path, overlays, parameters };
}
