import { HID_USAGES } from '../../../server/protocol/hid-usages.js';

/** The key of each character on a US keyboard: plain, with Shift. */
const SIGNS: ReadonlyArray<readonly [code: string, characters: string]> = [
  ...[...'abcdefghijklmnopqrstuvwxyz'].map(
    (letter) => [`Key${letter.toUpperCase()}`, letter + letter.toUpperCase()] as const,
  ),
  ...[...')!@#$%^&*('].map((sign, digit) => [`Digit${digit}`, digit + sign] as const),
  ['Minus', '-_'],
  ['Equal', '=+'],
  ['BracketLeft', '[{'],
  ['BracketRight', ']}'],
  ['Backslash', '\\|'],
  ['Semicolon', ';:'],
  ['Quote', '\'"'],
  ['Backquote', '`~'],
  ['Comma', ',<'],
  ['Period', '.>'],
  ['Slash', '/?'],
  ['Space', ' '],
  ['Enter', '\n'],
];

const SHIFT = usageOf('ShiftLeft');

/** The usage of a key by its name as browsers have it: KeyA. */
export function usageOf(code: string): number {
  const usage = HID_USAGES.get(code);
  if (usage === undefined) throw new Error(`no key ${code}`);
  return usage;
}

/** What to press, in this order, to type a character on a US keyboard. */
export function keysOf(character: string): number[] {
  const [code, characters] = SIGNS.find(([, signs]) => signs.includes(character)) ?? [];
  if (!code) throw new Error(`no key for ${character}`);
  return characters?.indexOf(character) === 1 ? [SHIFT, usageOf(code)] : [usageOf(code)];
}

/** Every character that a US keyboard writes. */
export const US_CHARACTERS = SIGNS.map(([, characters]) => characters)
  .join('')
  .replace('\n', '');
