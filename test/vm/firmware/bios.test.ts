import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../e2e/until.js';
import { FirmwareMachine } from './firmware-machine.js';
import { US_CHARACTERS } from './us-keys.js';

// SeaBIOS, as in PCs before UEFI: it takes one interface of a USB device, the first that it knows.
/** Much for a busy computer. */
const DEADLINE_MS = 120_000;

const machine = new FirmwareMachine('bios');

before(() => machine.start());
after(() => machine.close());

/** Returns the lines of the screen when one of them begins so. */
async function untilLine(start: string): Promise<string[]> {
  let screen: string[] = [];
  return until(
    `"${start}" on the screen`,
    async () => {
      screen = await machine.textScreen();
      return screen.some((line) => line.startsWith(start)) ? screen : null;
    },
    () => `It shows:\n${screen.join('\n').trim()}`,
    DEADLINE_MS,
  );
}

async function bootFromMenu(digit: string, disk: string): Promise<void> {
  await untilLine('Press ESC for boot menu');
  machine.tap('Escape');
  await untilLine('2. ');
  machine.type(digit);
  await untilLine(`Booted from disk ${disk}.`);
}

test('Escape opens the boot menu, and a digit chooses the disk', () => bootFromMenu('2', 'B'));

test('a program that asks the BIOS gets each character that is typed', async () => {
  // Fewer at once than the BIOS keeps for a program that is slow to ask (15).
  const typed = US_CHARACTERS.match(/.{1,10}/g) ?? [];
  for (const characters of typed) {
    machine.type(characters);
    await untilLine(characters.trimEnd());
    machine.type('\n');
  }
  const screen = await machine.textScreen();
  const first = screen.indexOf(typed[0] ?? '');
  assert.deepEqual(
    screen.slice(first, first + typed.length),
    typed.map((characters) => characters.trimEnd()),
  );
});

test('keys without a character arrive as their scan codes', async () => {
  machine.type('\n');
  for (const code of ['F1', 'F10', 'ArrowUp', 'ArrowLeft', 'Home', 'Delete']) machine.tap(code);
  // IBM PC AT scan codes, set 1.
  await untilLine('<3B><44><48><4B><47><53>');
});

test('when the computer is reset, the keyboard is there again', async () => {
  await machine.reset();
  await bootFromMenu('1', 'A');
  machine.type('again');
  await untilLine('again');
});
