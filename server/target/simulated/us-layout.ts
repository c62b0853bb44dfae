/**
 * What the PC's operating system makes of HID usages (HID Usage Tables 1.5, page 0x07) on a US keyboard. The PC has a
 * table of its own on purpose: sharing the appliance's would hide mistakes in it.
 */
const PRINTABLE: ReadonlyArray<readonly [first: number, plain: string, shifted: string]> = [
  [0x04, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [0x1e, '1234567890', '!@#$%^&*()'],
  [0x2c, ' -=[]\\', ' _+{}|'],
  [0x32, '\\', '|'],
  [0x33, ";'`,./", ':"~<>?'],
  [0x54, '/*-+', '/*-+'],
  [0x64, '\\', '|'],
  [0x67, '=', '='],
];

/** Keypad 1 to 9, 0 and the dot: digits with Num Lock, else these keys. */
const KEYPAD_FIRST = 0x59;
const KEYPAD_DIGITS = '1234567890.';
const KEYPAD_KEYS = [
  'End',
  'ArrowDown',
  'PageDown',
  'ArrowLeft',
  '',
  'ArrowRight',
  'Home',
  'ArrowUp',
  'PageUp',
  'Insert',
  'Delete',
];

const NAMED: ReadonlyMap<number, string> = new Map([
  [0x28, 'Enter'],
  [0x29, 'Escape'],
  [0x2a, 'Backspace'],
  [0x2b, 'Tab'],
  [0x39, 'CapsLock'],
  ...Array.from({ length: 12 }, (_, index): [number, string] => [0x3a + index, `F${index + 1}`]),
  [0x46, 'PrintScreen'],
  [0x47, 'ScrollLock'],
  [0x48, 'Pause'],
  [0x49, 'Insert'],
  [0x4a, 'Home'],
  [0x4b, 'PageUp'],
  [0x4c, 'Delete'],
  [0x4d, 'End'],
  [0x4e, 'PageDown'],
  [0x4f, 'ArrowRight'],
  [0x50, 'ArrowLeft'],
  [0x51, 'ArrowDown'],
  [0x52, 'ArrowUp'],
  [0x53, 'NumLock'],
  [0x58, 'Enter'],
  [0x65, 'ContextMenu'],
  [0x66, 'Power'],
  ...Array.from({ length: 12 }, (_, index): [number, string] => [0x68 + index, `F${index + 13}`]),
  [0xe0, 'Control'],
  [0xe1, 'Shift'],
  [0xe2, 'Alt'],
  [0xe3, 'Meta'],
  [0xe4, 'Control'],
  [0xe5, 'Shift'],
  [0xe6, 'AltGraph'],
  [0xe7, 'Meta'],
]);

const CHARACTERS = new Map<number, readonly [plain: string, shifted: string]>();
for (const [first, plain, shifted] of PRINTABLE) {
  for (let index = 0; index < plain.length; index++) {
    CHARACTERS.set(first + index, [plain[index] as string, shifted[index] as string]);
  }
}

/** What a key means under the given modifiers and locks: a named key, a character, or neither. */
export function translate(
  usage: number,
  shift: boolean,
  capsLock: boolean,
  numLock: boolean,
): { key: string; character: string } {
  const keypad = usage - KEYPAD_FIRST;
  if (keypad >= 0 && keypad < KEYPAD_KEYS.length) {
    // Shift turns Num Lock round, as on a PC.
    if (numLock !== shift) return { key: '', character: KEYPAD_DIGITS[keypad] as string };
    return { key: KEYPAD_KEYS[keypad] as string, character: '' };
  }
  const pair = CHARACTERS.get(usage);
  if (!pair) return { key: NAMED.get(usage) ?? '', character: '' };
  const letter = usage >= 0x04 && usage <= 0x1d;
  return { key: '', character: pair[shift !== (letter && capsLock) ? 1 : 0] };
}
