import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../e2e/until.js';
import { ConsoleFont, type Echo } from './console-font.js';
import { FirmwareMachine } from './firmware-machine.js';
import { US_CHARACTERS } from './us-keys.js';

// OVMF, UEFI firmware of today: it takes all that the gadget has. Its shell writes to the screen and to the serial port alike.
const machine = new FirmwareMachine('uefi');
const font = new ConsoleFont();
/** Emulated on a busy computer, it takes a minute to its shell. */
const DEADLINE_MS = 180_000;

before(() => machine.start());
after(() => machine.close());

async function untilWritten(text: string, from = 0): Promise<void> {
  const written = () => machine.serial().slice(from);
  await until(
    `"${text}" on the console`,
    () => written().includes(text),
    () => `It wrote: ${JSON.stringify(written())}`,
    DEADLINE_MS,
  );
}

/** What the shell echoes of typed text: for each character, ESC [ row ; column H and the character. */
function echoes(from: number): Echo[] {
  const written = machine.serial().slice(from);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the terminal's escape character
  return [...written.matchAll(/\x1b\[(\d+);(\d+)H([ -~])/g)].map(([, row, column, character]) => ({
    row: Number(row),
    column: Number(column),
    character: character ?? '',
  }));
}

/** Types and waits until the shell has echoed as many characters, which are returned. */
async function typeAtPrompt(text: string): Promise<Echo[]> {
  const from = machine.serial().length;
  machine.type(text);
  return until(
    `the echo of ${text}`,
    () => (echoes(from).length >= text.length ? echoes(from) : null),
    () => `It wrote: ${JSON.stringify(machine.serial().slice(from))}`,
    DEADLINE_MS,
  );
}

async function emptyLine(): Promise<void> {
  const from = machine.serial().length;
  machine.tap('Escape');
  await until(
    'the line to be overwritten',
    () => echoes(from).length > 0,
    () => `It wrote: ${JSON.stringify(machine.serial().slice(from))}`,
    DEADLINE_MS,
  );
}

async function command(line: string): Promise<void> {
  await typeAtPrompt(line);
  const from = machine.serial().length;
  machine.type('\n');
  await untilWritten('Shell> ', from);
}

test('Escape skips the start script of the shell', async () => {
  await untilWritten('to skip');
  machine.tap('Escape');
  await untilWritten('Shell> ');
});

test('the shell echoes each character that is typed', async () => {
  // A space is seen on the empty screen.
  for (const characters of US_CHARACTERS.trim().match(/.{1,20}/g) ?? []) {
    const echoed = await typeAtPrompt(characters);
    assert.equal(echoed.map(({ character }) => character).join(''), characters);
    font.learn(await machine.picture(), echoed);
    await emptyLine();
  }
});

test('the shell obeys a typed command: its answer is on the screen', async () => {
  await command('cls');
  await command('ver');
  await command('echo "Hello, UEFI!"');
  const screen = font.read(await machine.picture());
  assert.deepEqual(screen.slice(0, 6), [
    'Shell> ver',
    'UEFI Interactive Shell v2.2',
    'EDK II',
    'UEFI v2.70 (EDK II, 0x00010000)',
    'Shell> echo "Hello, UEFI!"',
    'Hello, UEFI!',
  ]);
});

// edk2 switches lamps by SET_REPORT on the control pipe, which f_hid refuses for a function with an OUT endpoint.
test('after Caps Lock the firmware writes capitals and lights our lamp', async () => {
  machine.tap('CapsLock');
  await until('the lamp', () => machine.rig.controller.leds?.capsLock);
  const echoed = await typeAtPrompt('caps');
  assert.equal(echoed.map(({ character }) => character).join(''), 'CAPS');
  machine.tap('CapsLock');
  await emptyLine();
});

test('typed "reset -s" switches the computer off', async () => {
  await typeAtPrompt('reset -s');
  machine.type('\n');
  await until(
    'the computer to be off',
    async () => (await machine.status()) === 'shutdown',
    () => machine.status(),
    DEADLINE_MS,
  );
});
