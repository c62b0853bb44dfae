import type { Mode } from './stage.js';

/** Modes that the user may choose, in the order in which menus show them. */
export const MODES: readonly Mode[] = [
  { width: 1024, height: 768 },
  { width: 1280, height: 720 },
  { width: 1280, height: 800 },
  { width: 1280, height: 960 },
  { width: 1920, height: 1080 },
];

/** '1280x720' and back. */
export const modeName = (mode: Mode): string => `${mode.width}x${mode.height}`;

export function parseMode(name: string): Mode | undefined {
  return MODES.find((mode) => modeName(mode) === name);
}
