import type { Mode, StageHost } from '../stage.js';
import type { ProgramName } from './icons.js';
import { JournalContent } from './journal-content.js';
import { MonitorContent } from './monitor-content.js';
import { MotionContent } from './motion-content.js';
import { NotesContent } from './notes-content.js';
import { SettingsContent } from './settings-content.js';
import { TerminalContent } from './terminal-content.js';
import type { WindowContent } from './window-content.js';

/** The screen that {@link PLACES} is made for. */
export const PLACES_SCREEN: Mode = { width: 1280, height: 720 };

/** Where a program's window opens; other screens spread the free space alike. */
export const PLACES: Record<ProgramName, readonly [x: number, y: number]> = {
  terminal: [36, 54],
  notes: [420, 180],
  motion: [902, 54],
  monitor: [902, 362],
  journal: [110, 434],
  settings: [450, 150],
};

/** Open when the desktop starts, the last one in front. */
export const FIRST_PROGRAMS: readonly ProgramName[] = ['journal', 'monitor', 'motion', 'terminal'];

/** Starts a program. */
export function startProgram(name: ProgramName, host: StageHost): WindowContent {
  switch (name) {
    case 'terminal':
      return new TerminalContent(host);
    case 'notes':
      return new NotesContent(host);
    case 'motion':
      return new MotionContent(host);
    case 'monitor':
      return new MonitorContent(host);
    case 'journal':
      return new JournalContent(host);
    case 'settings':
      return new SettingsContent(host);
  }
}
