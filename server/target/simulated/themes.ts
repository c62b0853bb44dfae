import type { TerminalTheme } from './text-grid.js';

/** The 16 colours of a VGA text screen in ANSI order. */
const VGA_PALETTE = [
  0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555,
  0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
];

/** Softer colours for the console and the terminal window. */
const DUSK_PALETTE = [
  0x171a23, 0xff6b6b, 0x8ce99a, 0xffd27a, 0x6fb1ff, 0xc79bff, 0x6fe3dd, 0xd8dce6, 0x5c6274,
  0xff8f8f, 0xb2f2bb, 0xffe3a8, 0x9ccbff, 0xddc2ff, 0xa5f0ec, 0xffffff,
];

export const VGA_THEME: TerminalTheme = {
  palette: VGA_PALETTE,
  ink: 7,
  paper: 0,
  cursor: 'underline',
};

export const CONSOLE_THEME: TerminalTheme = {
  palette: [0x0d0f16, ...DUSK_PALETTE.slice(1)],
  ink: 7,
  paper: 0,
  cursor: 'block',
};

export const TERMINAL_THEME: TerminalTheme = {
  palette: DUSK_PALETTE,
  ink: 7,
  paper: 0,
  cursor: 'block',
};
