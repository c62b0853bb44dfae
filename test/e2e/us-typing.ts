import type { Keyboard } from 'playwright-core';

const SHIFTED = new Map([
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('').map((letter) => [letter, `Key${letter}`] as const),
  ...[...')!@#$%^&*('].map((sign, digit) => [sign, `Digit${digit}`] as const),
  ...Object.entries({
    _: 'Minus',
    '+': 'Equal',
    '{': 'BracketLeft',
    '}': 'BracketRight',
    '|': 'Backslash',
    ':': 'Semicolon',
    '"': 'Quote',
    '~': 'Backquote',
    '<': 'Comma',
    '>': 'Period',
    '?': 'Slash',
  }),
]);

/** Types as a person with a US keyboard does: with Shift where the character needs it. */
export async function typeOnUsKeyboard(keyboard: Keyboard, text: string): Promise<void> {
  for (const character of text) {
    const code = SHIFTED.get(character);
    if (character === '\n') await keyboard.press('Enter');
    else if (code) await keyboard.press(`Shift+${code}`);
    else await keyboard.press(character);
  }
}
