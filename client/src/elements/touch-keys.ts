import type { IconName } from './icon.js';

/** One key of the touch rows. */
export interface TouchKey {
  label: string;
  code: string;
  icon?: IconName;
}

/** Tapped first, they go with the next key. */
export const MODIFIERS: readonly TouchKey[] = [
  { label: 'Ctrl', code: 'ControlLeft' },
  { label: 'Alt', code: 'AltLeft' },
  { label: 'Shift', code: 'ShiftLeft' },
  { label: 'Meta', code: 'MetaLeft' },
];

/** Six in a row, under the modifiers. */
export const TOUCH_KEYS: readonly TouchKey[] = [
  { label: 'Ins', code: 'Insert' },
  { label: 'Home', code: 'Home' },
  { label: 'PgUp', code: 'PageUp' },
  { label: 'Bksp', code: 'Backspace' },
  { label: 'Up', code: 'ArrowUp', icon: 'up' },
  { label: 'Enter', code: 'Enter' },
  { label: 'Del', code: 'Delete' },
  { label: 'End', code: 'End' },
  { label: 'PgDn', code: 'PageDown' },
  { label: 'Left', code: 'ArrowLeft', icon: 'left' },
  { label: 'Down', code: 'ArrowDown', icon: 'down' },
  { label: 'Right', code: 'ArrowRight', icon: 'right' },
  ...Array.from({ length: 12 }, (_, n) => ({ label: `F${n + 1}`, code: `F${n + 1}` })),
];

/** What a tap does to the armed modifiers, and the codes to send if any. */
export interface Tap {
  armed: readonly string[];
  send: readonly string[] | null;
}

/** A modifier is armed by a tap and pressed alone by a second one; any other key takes the armed ones along. */
export function tap(armed: readonly string[], code: string): Tap {
  const isModifier = MODIFIERS.some((key) => key.code === code);
  if (!isModifier) return { armed: [], send: [...armed, code] };
  if (armed.includes(code)) {
    return { armed: armed.filter((other) => other !== code), send: [code] };
  }
  return { armed: [...armed, code], send: null };
}
