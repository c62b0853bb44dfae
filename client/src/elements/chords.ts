/** A key or combination that a button sends. `codes` are KeyboardEvent codes in pressing order. */
export interface Chord {
  label: string;
  codes: readonly string[];
}

/** Combinations that the viewer's own system would swallow. */
export const SYSTEM_CHORDS: readonly Chord[] = [
  { label: 'Ctrl Alt Del', codes: ['ControlLeft', 'AltLeft', 'Delete'] },
  { label: 'Alt Tab', codes: ['AltLeft', 'Tab'] },
  { label: 'Alt F4', codes: ['AltLeft', 'F4'] },
  { label: 'Meta', codes: ['MetaLeft'] },
  { label: 'Print', codes: ['PrintScreen'] },
];

/** Virtual consoles of a Linux target. */
export const CONSOLE_CHORDS: readonly Chord[] = [
  { label: 'Ctrl Alt F1', codes: ['ControlLeft', 'AltLeft', 'F1'] },
  { label: 'Ctrl Alt F2', codes: ['ControlLeft', 'AltLeft', 'F2'] },
];

/** Keys that firmware asks for while it starts. */
export const FIRMWARE_CHORDS: readonly Chord[] = [
  { label: 'Esc', codes: ['Escape'] },
  { label: 'Del', codes: ['Delete'] },
  { label: 'F2', codes: ['F2'] },
  { label: 'F10', codes: ['F10'] },
  { label: 'F11', codes: ['F11'] },
  { label: 'F12', codes: ['F12'] },
];
