import type { ViewerInfo } from '../../../server/protocol/control-messages.js';
import type { ConsoleState } from '../session/console-state.js';

/** A viewer as the list draws it. */
export interface ViewerRow {
  viewer: ViewerInfo;
  isYou: boolean;
}

/** The viewers while connected, in the order of the appliance. */
export function viewersFor(state: ConsoleState): ViewerRow[] {
  const viewers = state.phase === 'live' ? (state.remote?.viewers ?? []) : [];
  return viewers.map((viewer) => ({ viewer, isYou: viewer.id === state.sessionId }));
}
