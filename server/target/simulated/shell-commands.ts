import { MODES, modeName, parseMode } from './modes.js';
import type { StageHost } from './stage.js';
import type { TextGrid } from './text-grid.js';

/** Runs until `done` is called or the returned function stops it; without a return value it is over at once. */
type Command = (
  words: string[],
  host: StageHost,
  grid: TextGrid,
  done: () => void,
) => (() => void) | undefined;

/** Wraps a command that only prints. */
const printing =
  (print: (words: string[], host: StageHost) => string): Command =>
  (words, host, grid) => {
    grid.write(print(words, host));
    return undefined;
  };

/** Wraps a command that acts on the PC; the prompt comes back if the PC stays on. */
const acting =
  (act: (host: StageHost) => void): Command =>
  (_words, host) => {
    act(host);
    return undefined;
  };

const SCROLL_LINES = 200;
const SCROLL_PERIOD_MS = 1000 / 30;
const WORDS = 'usb hid video audio disk net cpu gpu timer clock fan bus mode key mouse'.split(' ');
const VERBS = 'ready,started,attached,synchronised,idle,resumed,calibrated,mapped'.split(',');

/** One line that looks like a system's journal, from the PC's random numbers. */
export function journalLine(host: StageHost): string {
  const pick = (list: string[]) => list[Math.floor(host.random() * list.length)];
  const color = 91 + Math.floor(host.random() * 6);
  const seconds = (host.uptimeMs / 1000).toFixed(6).padStart(12);
  const unit = Math.floor(host.random() * 4);
  const bar = '#'.repeat(2 + Math.floor(host.random() * 24));
  return `\x1b[90m[${seconds}]\x1b[0m \x1b[${color}m${pick(WORDS)}${unit}\x1b[0m: ${pick(VERBS)} ${bar}`;
}

const about = (host: StageHost): string => {
  const rows = [
    ['OS', 'Duskline 2.4 (simulated)'],
    ['Host', 'bronya, a PC drawn in software'],
    ['Uptime', `${Math.floor(host.uptimeMs / 1000)} s`],
    ['Display', `${modeName(host.mode)}`],
    ['CPU', 'one worker thread, when watched'],
    ['Memory', '64 MB, most of it pixels'],
  ];
  const art = [
    '   ▄▄▄▄▄▄▄▄▄   ',
    ' ▄███████████▄ ',
    ' ██ ▄▄▄▄▄▄▄ ██ ',
    ' ██ █ ■ ■ █ ██ ',
    ' ██ ▀▀▀▀▀▀▀ ██ ',
    ' ▀███████████▀ ',
  ];
  const colors = [93, 93, 91, 91, 95, 95];
  return `\n${art
    .map((line, index) => {
      const [name, value] = rows[index] as [string, string];
      return `\x1b[${colors[index]}m${line}\x1b[0m  \x1b[94m${name}\x1b[0m: ${value}`;
    })
    .join('\n')}\n\n`;
};

/** All commands by name. */
export const COMMANDS: Readonly<Record<string, { help: string; run: Command }>> = {
  help: {
    help: 'this list',
    run: printing(() =>
      Object.entries(COMMANDS)
        .map(([name, { help }]) => `  \x1b[96m${name.padEnd(9)}\x1b[0m ${help}\n`)
        .join(''),
    ),
  },
  about: { help: 'what this computer is', run: printing((_words, host) => about(host)) },
  clear: {
    help: 'empty the screen',
    run: (_words, _host, grid) => {
      grid.clear();
      return undefined;
    },
  },
  date: {
    help: "the PC's date and time",
    run: printing((_words, host) => `${host.date.toUTCString()}\n`),
  },
  desktop: { help: 'start the desktop', run: acting((host) => host.go('desktop')) },
  console: { help: 'start the text console', run: acting((host) => host.go('console')) },
  echo: { help: 'print words', run: printing((words) => `${words.join(' ')}\n`) },
  mode: {
    help: MODES.map(modeName).join(', '),
    run: (words, host, grid) => {
      const mode = parseMode(words[0] ?? '');
      if (mode) host.setMode(mode);
      else grid.write(`mode: choose one of ${MODES.map(modeName).join(', ')}\n`);
      return undefined;
    },
  },
  poweroff: {
    help: 'switch off; any key switches on again',
    run: acting((host) => host.powerOff()),
  },
  reboot: { help: 'restart', run: acting((host) => host.restart()) },
  scroll: {
    help: 'print many lines: scroll [lines]',
    run: (words, host, grid, done) => {
      let left = Math.min(Number.parseInt(words[0] ?? '', 10) || SCROLL_LINES, 100_000);
      const stop = host.timers.every(SCROLL_PERIOD_MS, () => {
        grid.write(`${journalLine(host)}\n`);
        if (--left > 0) return;
        stop();
        done();
      });
      return stop;
    },
  },
  sleep: { help: 'sleep until a key or the mouse wakes it', run: acting((host) => host.sleep()) },
  ver: { help: 'version', run: printing(() => 'Duskline 2.4 on bronya (simulated PC)\n') },
};

/** Runs a command line. Returns the function that stops it when it goes on, else undefined. */
export function runCommand(
  line: string,
  host: StageHost,
  grid: TextGrid,
  done: () => void,
): (() => void) | undefined {
  const [name = '', ...words] = line.split(/\s+/);
  if (name === '') return undefined;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command.run(words, host, grid, done);
  grid.write(`${name}: command not found. Type \x1b[96mhelp\x1b[0m for a list.\n`);
  return undefined;
}
