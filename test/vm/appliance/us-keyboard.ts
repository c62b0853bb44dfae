import { KEYBOARD } from '../hid/linux-keys.js';

/** The keys of a US keyboard, by KeyboardEvent code; without the right Control, which gives the keyboard back to the page. */
export const US_KEYBOARD: readonly string[] = [
  'Escape',
  ...Array.from({ length: 12 }, (_, index) => `F${index + 1}`),
  'Backquote',
  ...[...'1234567890'].map((digit) => `Digit${digit}`),
  ...['Minus', 'Equal', 'Backspace', 'Tab'],
  ...[...'QWERTYUIOP'].map((letter) => `Key${letter}`),
  ...['BracketLeft', 'BracketRight', 'Backslash', 'CapsLock'],
  ...[...'ASDFGHJKL'].map((letter) => `Key${letter}`),
  ...['Semicolon', 'Quote', 'Enter', 'ShiftLeft'],
  ...[...'ZXCVBNM'].map((letter) => `Key${letter}`),
  ...['Comma', 'Period', 'Slash', 'ShiftRight', 'ControlLeft', 'MetaLeft', 'AltLeft', 'Space'],
  ...['AltRight', 'MetaRight', 'ContextMenu', 'Insert', 'Home', 'PageUp'],
  ...['Delete', 'End', 'PageDown', 'ArrowUp', 'ArrowLeft', 'ArrowDown', 'ArrowRight'],
  ...['NumpadDivide', 'NumpadMultiply', 'NumpadSubtract', 'NumpadAdd', 'NumpadDecimal'],
  ...[...'1234567890'].map((digit) => `Numpad${digit}`),
];

/** What the host reports when these keys are tapped one after the other. */
export function tapsOf(codes: readonly string[]): string[] {
  return codes.flatMap((code) => [`${KEYBOARD[code]} 1`, `${KEYBOARD[code]} 0`]);
}
